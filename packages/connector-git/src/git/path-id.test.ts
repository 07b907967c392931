import fc from 'fast-check'
import { expect, it } from 'vitest'
import { idToPath, idToText, pathToId } from './path-id.ts'

it('leaves UTF-8 paths as they are, in whatever normal form', () => {
  for (const path of ['a.md', 'é', 'e\u0301', '\ufeffbom', '漢字/👍']) expect(pathToId(Buffer.from(path))).toBe(path)
})

it('gives any bytes an id that leads back to them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.boolean(), (bytes, prefixed) => {
      const path = Buffer.concat([Buffer.from(prefixed ? 'bytes:' : ''), bytes])
      expect(idToPath(pathToId(path)).equals(path)).toBe(true)
    }),
  )
})

it('gives no two paths the same id', () => {
  const paths = [Buffer.from([0xe9]), Buffer.from('bytes:%E9'), Buffer.from('%E9'), Buffer.from('é'), Buffer.from('bytes:é')]
  expect(new Set(paths.map(pathToId)).size).toBe(paths.length)
})

it('shows bytes that are not UTF-8 as replacement characters', () => {
  expect(idToText(pathToId(Buffer.from('caf\xe9.md', 'latin1')))).toBe('caf\ufffd.md')
})
