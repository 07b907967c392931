import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanUrl, documentId } from './url-form.ts'

const SAME = [
  ['https://Docs.Example.com/guide', 'HTTPS://docs.example.COM:443/guide/'],
  ['https://docs.example.com/', 'https://docs.example.com/index.html'],
  ['https://docs.example.com/guide', 'https://docs.example.com/guide/index.htm#part'],
  ['https://docs.example.com/guide', 'https://docs.example.com/guide/index.html/index.html/'],
  ['https://docs.example.com/a/c', 'https://docs.example.com/a/./b/../c'],
  ['https://docs.example.com/%C3%A9t%C3%A9', 'https://docs.example.com/%c3%a9t%c3%a9'],
  ['https://docs.example.com/~me', 'https://docs.example.com/%7Eme'],
  ['https://docs.example.com/caf%C3%A9', 'https://docs.example.com/café'],
  ['https://docs.example.com/p?a=1&b=2', 'https://docs.example.com/p?b=2&utm_source=x&a=1&gclid=3'],
  ['https://docs.example.com/p', 'https://docs.example.com/p?#top'],
  ['https://docs.example.com/p', 'https://docs.example.com/p;jsessionid=12AB'],
  ['http://docs.example.com/p', 'http://docs.example.com:80/p'],
] as const

const OTHER = [
  ['https://docs.example.com/p', 'http://docs.example.com/p'],
  ['https://docs.example.com/p', 'https://docs.example.com:8443/p'],
  ['https://docs.example.com/P', 'https://docs.example.com/p'],
  ['https://docs.example.com/a%2Fb', 'https://docs.example.com/a/b'],
  ['https://docs.example.com/p?a=1&a=2', 'https://docs.example.com/p?a=2&a=1'],
  ['https://docs.example.com/p?ref=main', 'https://docs.example.com/p'],
  ['https://docs.example.com/%252e', 'https://docs.example.com/.'],
  ['https://docs.example.com/p??&a', 'https://docs.example.com/p?a'],
  ['https://docs.example.com/my-index.html', 'https://docs.example.com/'],
] as const

describe('the id of a document', () => {
  it.each(SAME)('is the same for %s and %s', (one, other) => {
    expect(documentId(other)).toBe(documentId(one))
  })

  it.each(OTHER)('tells %s from %s', (one, other) => {
    expect(documentId(other)).not.toBe(documentId(one))
  })

  it('is its own normal form', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        fc.pre(cleanUrl(url) !== undefined)
        expect(documentId(documentId(url))).toBe(documentId(url))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a link', () => {
  it.each([
    'mailto:me@example.com',
    'javascript:void(0)',
    'file:///etc/passwd',
    'https://user:password@docs.example.com/',
    `https://docs.example.com/${'a'.repeat(2_000)}`,
    `https://docs.example.com/${'a/b/'.repeat(30)}`,
    'http://[',
  ])('is not requested when it is %s', (link) => {
    expect(cleanUrl(link)).toBeUndefined()
  })

  it('keeps the slash and the file that the server knows', () => {
    expect(cleanUrl('../guide/index.html?utm_medium=x#part', 'https://docs.example.com/a/b')?.href).toBe('https://docs.example.com/guide/index.html')
  })
})
