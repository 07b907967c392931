import { expect, it } from 'vitest'
import { pointId, uuidV5 } from './point-id.ts'

const ref = { project: 'default', sourceType: 'git', source: 'handbook' }

it('makes the UUIDs of version 5 that RFC 9562 and Python document', () => {
  const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
  expect(uuidV5('www.example.com', dns)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2')
  expect(uuidV5('python.org', dns)).toBe('886313e1-3b8a-5372-9b90-0c9aee199e5d')
})

it('is a valid UUID whatever the document is called', () => {
  for (let number = 0; number < 200; number++) {
    expect(pointId(ref, `ünïcode \n ${number}`, 'hash', 0)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})

it('keeps projects, sources, documents and occurrences apart', () => {
  const ids = [
    pointId(ref, 'a.md', 'hash', 0),
    pointId(ref, 'a.md', 'hash', 1),
    pointId(ref, 'a.md', 'other', 0),
    pointId(ref, 'b.md', 'hash', 0),
    pointId({ ...ref, project: 'other' }, 'a.md', 'hash', 0),
    pointId({ ...ref, sourceType: 'jira' }, 'a.md', 'hash', 0),
    pointId({ ...ref, source: 'wiki' }, 'a.md', 'hash', 0),
  ]
  expect(new Set(ids).size).toBe(ids.length)
})
