import { QdrantClient } from '@qdrant/js-client-rest'
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { qdrantAddress } from '../../src/store/qdrant/qdrant-url.ts'
import { QdrantVectorStore } from '../../src/store/qdrant/qdrant-vector-store.ts'
import { describeVectorStore } from './describe-vector-store.ts'

const url = process.env['QDRANT_URL'] ?? ''
const apiKey = process.env['QDRANT_API_KEY']
const run = `qdrant_loader_test_${randomUUID().slice(0, 8)}`

if (url === '') {
  describe('the tests against a real Qdrant server', () => {
    it('say what to set when there is no server to ask', () => {
      const script = fileURLToPath(new URL('../../../../tooling/ci/test-qdrant.ts', import.meta.url))
      const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
      expect(status).toBe(2)
      expect(stderr).toContain('QDRANT_URL=')
    })
  })
} else {
  const { origin, port, prefix } = qdrantAddress(url)
  const headers = apiKey === undefined ? {} : { headers: { 'api-key': apiKey } }
  const client = new QdrantClient({ url: origin, port, prefix, checkCompatibility: false, ...headers })
  let collections = 0

  describeVectorStore('a real Qdrant server', async () => {
    const collectionName = `${run}_${collections++}`
    return {
      make: () => new QdrantVectorStore({ url, collectionName, ...(apiKey === undefined ? {} : { apiKey }) }),
      drop: async () => void (await client.deleteCollection(collectionName)),
      end: async () => void (await client.deleteCollection(collectionName)),
    }
  })
}
