import { describe, expect, it } from 'vitest'

import { formatOf, keepsText } from './format-of.ts'

describe('the format of a file', () => {
  it.each([
    ['docs/Guide.MD', undefined, { name: 'markdown', contentType: 'text/markdown', titled: true }],
    ['a.mdx', undefined, { name: 'mdx', contentType: 'text/mdx', titled: true }],
    ['src/main.rs', undefined, { name: 'code', contentType: 'text/x-rust', language: 'rust', titled: false }],
    ['Dockerfile', undefined, { name: 'code', contentType: 'text/x-dockerfile', language: 'dockerfile', titled: false }],
    ['LICENSE', undefined, { name: 'text', contentType: 'text/plain', titled: false }],
    ['.gitignore', undefined, { name: 'text', contentType: 'text/plain', titled: false }],
    ['page', 'text/html; charset=utf-8', { name: 'html', contentType: 'text/html', titled: true }],
    ['page.md', 'application/octet-stream', { name: 'markdown', contentType: 'text/markdown', titled: true }],
    ['page.md', 'text/plain', { name: 'markdown', contentType: 'text/markdown', titled: true }],
    ['page.php', 'text/html', { name: 'html', contentType: 'text/html', titled: true }],
    [undefined, 'text/troff', { name: 'text', contentType: 'text/troff', titled: false }],
    [undefined, undefined, { name: 'text', contentType: 'text/plain', titled: false }],
  ])('%s of type %s', (name, type, format) => {
    expect(formatOf(name, type)).toEqual(format)
  })

  it.each([
    ['a.yml', 'b/c.yaml', true],
    ['a.ts', 'a.js', false],
    ['a.md', 'a.mdx', false],
    ['docs/a.adoc', 'docs/b.adoc', true],
    ['docs/a.adoc', 'more/a.adoc', false],
  ])('a rename of %s to %s keeps the text: %s', (from, to, keeps) => {
    expect(keepsText(from, to)).toBe(keeps)
  })
})
