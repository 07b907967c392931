import { describe, expect, it } from 'vitest'
import { convert, type StorageCase } from './storage-world.ts'

const CASES: StorageCase[] = [
  {
    name: 'headings of every level',
    storage: '<h1>One</h1><h2>Two <em>em</em></h2><h3>Three</h3><h4>Four</h4><h5>Five</h5><h6>Six</h6>',
    markdown: [
      '# One',
      '',
      '## Two *em*',
      '',
      '### Three',
      '',
      '#### Four',
      '',
      '##### Five',
      '',
      '###### Six',
    ],
  },
  {
    name: 'entities of HTML and numeric ones',
    storage: '<p>Caf&eacute; &mdash; 5&nbsp;&euro; &lt;T&gt; &amp;amp; &#128578; &#x41; &bogus;</p>',
    markdown: 'Café — 5 € <T> \\&amp; 🙂 A \\&bogus;',
  },
  {
    name: 'white space collapses, invisible characters vanish',
    storage: '<p>\n  one\n  two&#8203;three  <strong>four </strong>five</p>',
    markdown: 'one twothree **four** five',
  },
  {
    name: 'marks in any nesting',
    storage: [
      '<p><strong><em><strong>a</strong></em>',
      '</strong> <del>b</del> <u>c</u> <span style="color: red;">d</span> <code>e_f</code> <small>g</small>',
      '</p>',
    ],
    markdown: '***a*** ~~b~~ c d `e_f` g',
  },
  {
    name: 'neighbours with equal marks are one',
    storage: '<p><strong>one</strong><strong> two</strong> <em>x<strong>y</strong></em></p>',
    markdown: '**one two** *x**y***',
  },
  {
    name: 'exponents are told from numbers, ordinals and indices stay',
    storage: '<p>10<sup>6</sup> m<sup>-2</sup> 1<sup>st</sup> H<sub>2</sub>O Brand<sup>TM</sup></p>',
    markdown: '10^6 m^-2 1st H2O BrandTM',
  },
  {
    name: 'line breaks, and two of them for a new paragraph',
    storage: '<p>one<br/>two<br /><br/>three<br/></p>',
    markdown: [
      'one  ',
      'two',
      '',
      'three',
    ],
  },
  {
    name: 'nested lists',
    storage: [
      '<ul><li>a<ul><li><p>b</p></li></ul></li><li><p>c</p><ol start="3"><li>d</li><li>e</li></ol></li>',
      '</ul>',
    ],
    markdown: [
      '- a',
      '  - b',
      '- c',
      '',
      '  3. d',
      '  4. e',
    ],
  },
  {
    name: 'a list directly in a list belongs to the item before',
    storage: '<ul><li>a</li><ul><li>b</li></ul></ul>',
    markdown: [
      '- a',
      '  - b',
    ],
  },
  {
    name: 'description lists',
    storage: '<dl><dt>Term</dt><dd>What it is</dd></dl>',
    markdown: [
      '**Term**',
      '',
      'What it is',
    ],
  },
  {
    name: 'pre',
    storage: '<pre>a\n  b &lt; c</pre>',
    markdown: [
      '```',
      'a',
      '  b < c',
      '```',
    ],
  },
  {
    name: 'quotes',
    storage: '<blockquote><p>To be</p><p>or not</p></blockquote>',
    markdown: [
      '> To be',
      '>',
      '> or not',
    ],
  },
  {
    name: 'placeholders are dropped',
    storage: '<p><ac:placeholder ac:type="mention">Type here</ac:placeholder>kept</p>',
    markdown: 'kept',
  },
  {
    name: 'broken markup keeps its words',
    storage: '<p>one <strong>two</p><p class="x>three</p> 4 < 5 & <b unfinished',
    markdown: [
      'one **two**',
      '',
      '\\<p class="x>three 4 < 5 & \\<b unfinished',
    ],
  },
]

describe('Text of storage format', () => {
  it.each(CASES)('$name', ({ storage, markdown }) => {
    expect(convert(storage)).toBe([markdown].flat().join('\n'))
  })
})
