import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CosineImplementation } from '../../src/store/embedded/cosine-distance.ts'
import { EmbeddedVectorStore } from '../../src/store/embedded/embedded-vector-store.ts'
import { describeVectorStore, type StoreWorld } from './describe-vector-store.ts'

async function start(cosine: CosineImplementation, threadFrom = Number.POSITIVE_INFINITY): Promise<StoreWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'embedded-store-'))
  const path = join(directory, 'new', 'store.sqlite')
  return {
    make: () => new EmbeddedVectorStore({ path, cosine, threadFrom }),
    drop: async () => {
      for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true })
    },
    end: () => rm(directory, { recursive: true }),
  }
}

describeVectorStore('embedded store with sqlite-vec', () => start('auto'))
describeVectorStore('embedded store without sqlite-vec', () => start('javascript'))
describeVectorStore('embedded store that writes in a thread', () => start('auto', 1))
