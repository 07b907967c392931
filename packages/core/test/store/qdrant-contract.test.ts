import { QdrantSimulator } from '@qdrant-loader/simulators'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { QdrantVectorStore } from '../../src/store/qdrant/qdrant-vector-store.ts'
import { describeVectorStore } from './describe-vector-store.ts'

for (const version of ['1.15.5', '1.19.0']) {
  describe(`with a simulated server of version ${version}`, () => {
    let server: QdrantSimulator
    let collections = 0
    beforeAll(async () => {
      server = await QdrantSimulator.start({ version, apiKey: 'secret', prefix: '/behind/proxy' })
    })
    afterAll(() => server.close())

    describeVectorStore('qdrant store', async () => {
      const collectionName = `contract ${collections++}/ä`
      return {
        make: () => new QdrantVectorStore({ url: server.url, apiKey: 'secret', collectionName }),
        drop: async () => void server.collections.delete(collectionName),
        end: async () => {
          server.collections.clear()
          expect(server.violations).toEqual([])
        },
      }
    })
  })
}
