import { describe, expect, it } from 'vitest'
import { qdrantAddress } from './qdrant-url.ts'

describe('the address of a Qdrant server', () => {
  const shown = {
    'http://localhost': 'http://localhost:6333',
    'http://localhost:80': 'http://localhost:80',
    'http://qdrant:7000/': 'http://qdrant:7000',
    'https://example.org': 'https://example.org',
    'https://example.org:443': 'https://example.org:443',
    'https://example.org:6333/a/b/': 'https://example.org:6333/a/b',
    'https://example.org/qdrant': 'https://example.org/qdrant',
    'https://x.eu-central-1-0.aws.cloud.qdrant.io': 'https://x.eu-central-1-0.aws.cloud.qdrant.io:6333',
    'http://[::1]:6333': 'http://[::1]:6333',
  }
  for (const [text, expected] of Object.entries(shown)) {
    it(`of ${text} is ${expected}`, () => expect(qdrantAddress(text).shown).toBe(expected))
  }

  it('keeps the path apart, because the client ignores it in a URL', () => {
    expect(qdrantAddress('https://example.org/a/b/')).toMatchObject({ origin: 'https://example.org', prefix: '/a/b', port: null })
  })

  it('knows when a key would travel in clear text', () => {
    const insecure = ['http://localhost', 'http://127.0.0.1:1', 'http://[::1]', 'https://x.org', 'http://10.0.0.1'].map(
      (text) => qdrantAddress(text).insecure,
    )
    expect(insecure).toEqual([false, false, false, false, true])
  })

  for (const text of ['localhost:6333', 'ftp://x', '', 'http://user:secret@x', 'http://x/?a=1', 'http://x/#a']) {
    it(`refuses ${JSON.stringify(text)} without repeating it`, () => {
      const problem = (() => {
        try {
          return qdrantAddress(text)
        } catch (error) {
          return error
        }
      })()
      expect(problem).toMatchObject({ code: 'store_url_invalid', kind: 'config' })
      expect(String(problem)).not.toContain('secret')
    })
  }
})
