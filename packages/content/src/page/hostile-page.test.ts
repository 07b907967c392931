import { expect, it } from 'vitest'

import { growthOf, LINEAR } from '@qdrant-loader/testing/growth'
import { extractPage } from './extract-page.ts'

/** Text of others that once took more than linear time, made of about so many characters. */
const HOSTILE: readonly (readonly [name: string, make: (size: number) => string])[] = [
  ['a refresh with blanks before an address', (size) => `<meta http-equiv=refresh content="0;${' '.repeat(size)}x'y'z">x`],
  ['a refresh of digits and quotes', (size) => `<meta http-equiv=refresh content="${'1.'.repeat(size / 4)}${`'"`.repeat(size / 4)}z">x`],
  ['a title of separators', (size) => `<title>a ${'- '.repeat(size / 2)}b</title>x`],
  ['a title of bars', (size) => `<title>a${'|'.repeat(size)}b</title>x`],
  ['breadcrumbs of arrows', (size) => `<div class=breadcrumb><a href=/a>${'» '.repeat(size / 2)}b</a></div><main>x</main>`],
  ['dollars', (size) => `<main>x<img class=math alt="a${'$'.repeat(size)}b"></main>`],
  ['terms of colons', (size) => `<dl><dt>${': '.repeat(size / 2)}x<dd>b</dl>`],
  ['a title of an admonition', (size) => `<div class="admonition note"><p class=admonition-title>${': '.repeat(size / 2)}x</p>b</div>`],
  ['boxes in boxes', (size) => `<main>${'<div class="sidebar related toc"><p>x'.repeat(size / 37)}</main>`],
  ['buttons in one heading', (size) => `<h2>${'<button>x</button>'.repeat(size / 18)}</h2>x`],
  ['marks in one heading', (size) => `<h2>x${'<a href=#a>#</a>'.repeat(size / 16)}</h2>`],
  ['articles', (size) => `${'<article>x</article>'.repeat(size / 20)}`],
  ['summaries', (size) => `${'<details><summary>show x</summary></details>'.repeat(size / 44)}`],
]

function extract(html: string): string {
  return extractPage(html, { url: 'https://docs.test/' }).markdown
}

it.each(HOSTILE)('H2: twice as much of %s takes at most 2.5 times as long', (_name, make) => {
  expect(extract(make(100_000))).toContain('x')
  expect(growthOf(extract, make).ratio).toBeLessThanOrEqual(LINEAR)
})
