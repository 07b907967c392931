import { describe, expect, test } from 'vitest'

import { extractPage } from '../page/extract-page.ts'
import { htmlToMarkdown } from './html-to-markdown.ts'

/** Each made of `n` parts that would be quadratic, or too deep, for a careless reader. */
const HOSTILE: readonly (readonly [name: string, make: (n: number) => string])[] = [
  ['elements in each other', (n) => `${'<div>'.repeat(n)}x`],
  ['elements in each other, closed', (n) => `${'<div>'.repeat(n)}x${'</div>'.repeat(n)}`],
  ['lists in each other', (n) => `${'<ul><li>a'.repeat(n)}x`],
  ['quotations in each other', (n) => `${'<blockquote>a'.repeat(n)}x`],
  ['tables in each other', (n) => `${'<table><tr><td>a'.repeat(n)}x`],
  ['formatting in each other', (n) => `${'<b><i>'.repeat(n)}x`],
  ['formatting that every paragraph opens again', (n) => `${Array.from({ length: 400 }, (_, at) => `<b id=${at}>`).join('')}${'<p>x'.repeat(n)}`],
  ['empty elements', (n) => `<p>${'<i></i>'.repeat(n)}x`],
  ['many small elements', (n) => `<p>${'<em>a</em><b>b</b>'.repeat(n)}x`],
  ['many paragraphs', (n) => `<div>${'<p>a</p>'.repeat(n)}x</div>`],
  ['many breaks', (n) => `<p>${'a<br>'.repeat(n)}x`],
  ['content in the wrong place of a table', (n) => `<table>${'<b>a</b>'.repeat(n)}x`],
  ['attributes', (n) => `<a ${Array.from({ length: n }, (_, at) => `a${at}=1`).join(' ')}>x`],
  ['entities', (n) => `${'&amp;'.repeat(n)}x`],
  ['an entity bomb of XML', (n) => `<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "${'&a;'.repeat(n)}">]><p>&c;x`],
  ['brackets', (n) => `<p>${'['.repeat(n)}${'](('.repeat(n)}x`],
  ['stars', (n) => `<p>${'*a '.repeat(n)}${'a* '.repeat(n)}x`],
  ['back-ticks', (n) => `<p>${'` `` '.repeat(n)}x`],
  ['spans of cells', (n) => `<table>${'<tr><td colspan=1000 rowspan=60000>a</td></tr>'.repeat(n / 100)}x`],
  ['a long row and many short ones', (n) => `<table><tr>${'<td>a'.repeat(150)}</tr>${'<tr><td>a</tr>'.repeat(n)}</table>x`],
  ['footnotes', (n) => `${'<a class=footnote-ref href=#f>1</a>'.repeat(n)}<li id=f>x`],
  ['links to themselves', (n) => `${'<a href="/x">a</a>'.repeat(n)}x`],
  ['admonitions', (n) => `${'<div class="admonition note">'.repeat(n)}x`],
  ['one line', (n) => `<p>${'word '.repeat(n * 4)}x`],
  ['one line of code', (n) => `<pre>${'<span>a</span>'.repeat(n)}x`],
  ['comments that do not end', (n) => `x${'<!--'.repeat(n)}`],
  ['formulas', (n) => `${'<math><mfrac>'.repeat(n)}x`],
  ['chrome', (n) => `<main>x${'<div class="nav sidebar toc"><nav>'.repeat(n)}`],
]

/** Milliseconds of processor time, so that other work on the machine counts for little. */
function cost(run: () => void): number {
  const start = process.cpuUsage()
  run()
  return process.cpuUsage(start).user / 1000
}

/** How much more `large` costs than `small`: noise only adds, so the least of a few measurements is the nearest. */
function leastRatio(small: () => void, large: () => void, enough: number): number {
  let [least, ratio] = [Infinity, Infinity]
  for (let at = 0; at < 6 && ratio > enough; at++) {
    least = Math.min(least, cost(large))
    ratio = (least + 5) / (cost(small) + 5)
  }
  return ratio
}

describe('hostile HTML', () => {
  test.each(HOSTILE)('%s: neither text nor time is lost', (_name, make) => {
    expect(htmlToMarkdown(make(10_000))).toContain('x')
    expect(extractPage(make(10_000), { url: 'https://a.test/' }).links.length).toBeLessThan(3)
  })

  test.each(HOSTILE)('%s: four times the input takes about four times as long', (_name, make) => {
    const [small, large] = [make(2000), make(8000)]
    expect(leastRatio(() => htmlToMarkdown(small), () => htmlToMarkdown(large), 8)).toBeLessThan(10)
  })

  test('100,000 elements in each other', () => {
    expect(htmlToMarkdown(`${'<div>'.repeat(100_000)}x`)).toBe('x')
    expect(extractPage(`${'<div>'.repeat(100_000)}x`, { url: 'https://a.test/' }).markdown).toBe('x')
  })

  test.each(HOSTILE)('%s: the result is not out of proportion', (_name, make) => {
    const html = make(5000)
    expect(htmlToMarkdown(html).length).toBeLessThan(20 * html.length + 1000)
  })
})
