import fc from 'fast-check'
import { expect, it } from 'vitest'
import { storageReferences } from '../src/index.ts'
import { convert } from './storage-world.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 200)

/** A tree of elements; each `text` becomes a word of its own when it is written. */
type Tree = { readonly wrap: string } & ({ readonly children: readonly Tree[] } | { readonly text: string })

// `$` is where the content goes.
const WRAPS = [
  '<p>$</p>', '<h2>$</h2>', '<div class="a">$</div>', '<blockquote>$</blockquote>', '<ul><li>$</li></ul>', '<ol start="4">$</ol>', '<li>$</li>',
  '<strong>$</strong>', '<em>$</em>', '<del>$</del>', '<u>$</u>', '<sup>$</sup>', '<sub>$</sub>', '<code>$</code>', '<pre>$</pre>', '<span style="color: red;">$</span>',
  '<a href="https://e.example/?a=1&amp;b=2">$</a>', '<a href="#x">$</a>', '<br/>$', '<hr/>$', '<dl><dt>$</dt></dl>', '<unknown x="1">$</unknown>',
  '<table><tbody>$</tbody></table>', '<tr>$</tr>', '<td>$</td>', '<th colspan="2">$</th>', '<td rowspan="3">$</td>',
  '<table><tbody><tr><th>$</th><td>n</td></tr><tr><td>m</td></tr></tbody></table>',
  '<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>$</ac:task-body></ac:task></ac:task-list>',
  '<ac:layout><ac:layout-section ac:type="single"><ac:layout-cell>$</ac:layout-cell></ac:layout-section></ac:layout>',
  '<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">t</ac:parameter><ac:rich-text-body>$</ac:rich-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="expand"><ac:rich-text-body>$</ac:rich-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="excerpt"><ac:rich-text-body>$</ac:rich-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="footnote"><ac:rich-text-body>$</ac:rich-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="code"><ac:rich-text-body>$</ac:rich-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="toc">$</ac:structured-macro>', '<ac:structured-macro ac:name="made-up"><ac:rich-text-body>$</ac:rich-text-body></ac:structured-macro>',
  '<ac:link><ri:page ri:content-title="Set up"/><ac:link-body>$</ac:link-body></ac:link>', '<ac:link ac:anchor="x"><ac:link-body>$</ac:link-body></ac:link>',
  '<ac:link>$</ac:link>', '<ac:image ac:alt="i"><ri:attachment ri:filename="a.png"/><ac:caption>$</ac:caption></ac:image>',
  '<ac:inline-comment-marker ac:ref="1">$</ac:inline-comment-marker>', '<ac:emoticon ac:name="tick"/>$', '<time datetime="2026-01-01"/>$',
  '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute><ac:adf-content>$</ac:adf-content></ac:adf-node></ac:adf-extension>',
  '<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-node type="decision-item"><ac:adf-content>$</ac:adf-content></ac:adf-node></ac:adf-node></ac:adf-extension>',
  '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">custom</ac:adf-attribute><ac:adf-attribute key="panel-icon-text">i</ac:adf-attribute><ac:adf-content>$</ac:adf-content></ac:adf-node></ac:adf-extension>',
  '<ac:adf-extension><ac:adf-node type="bodied-extension"><ac:adf-attribute key="parameters"><ac:adf-parameter key="guest-params"><ac:adf-parameter key="title">t</ac:adf-parameter><ac:adf-parameter key="l"><ac:adf-parameter-value>v</ac:adf-parameter-value></ac:adf-parameter></ac:adf-parameter></ac:adf-attribute><ac:adf-mark key="m"><ac:adf-data-consumer-source>d</ac:adf-data-consumer-source></ac:adf-mark><ac:adf-content>$</ac:adf-content></ac:adf-node></ac:adf-extension>',
  '<ac:adf-extension><ac:adf-node type="bodied-sync-block"><ac:adf-content>$</ac:adf-content></ac:adf-node></ac:adf-extension>',
  '<ac:adf-extension><ac:adf-node type="made-up"><ac:adf-content>$</ac:adf-content></ac:adf-node></ac:adf-extension>',
  '<ac:structured-macro ac:name="excerpt"><ac:parameter ac:name="hidden">true</ac:parameter><ac:rich-text-body>$</ac:rich-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="include"><ac:rich-text-body>$</ac:rich-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">A-1</ac:parameter><ac:rich-text-body>$</ac:rich-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="roadmap"><ac:parameter ac:name="source">%7B%7D</ac:parameter><ac:rich-text-body>$</ac:rich-text-body></ac:structured-macro>',
]

const TEXT_WRAPS = [
  '$', ' $ ', '<p>$</p>', '$ &amp; &nbsp;&eacute; *', '_ $ ` |', '<![CDATA[$]]>',
  '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[x < $\n&& ]]]]><![CDATA[>]]></ac:plain-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="excerpt-include"><ac:parameter ac:name="">P</ac:parameter><ac:plain-text-body><![CDATA[$]]></ac:plain-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="panel"><ac:plain-text-body><![CDATA[$]]></ac:plain-text-body></ac:structured-macro>',
  '<ac:link><ri:page ri:content-title="No"/><ac:plain-text-link-body><![CDATA[$]]></ac:plain-text-link-body></ac:link>',
  '<ac:structured-macro ac:name="mathinline"><ac:plain-text-body>$</ac:plain-text-body></ac:structured-macro>',
]

const trees = fc.letrec<{ tree: Tree }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.record({ wrap: fc.constantFrom(...TEXT_WRAPS), text: fc.constant('') }),
    fc.record({ wrap: fc.constantFrom(...WRAPS), children: fc.array(tie('tree'), { maxLength: 4 }) }),
  ),
})).tree

/** Storage format of trees, and the words in it. None is part of another or of anything else. */
function write(roots: readonly Tree[]): { storage: string, words: string[] } {
  const words: string[] = []
  const one = (tree: Tree): string => {
    if ('children' in tree) return tree.wrap.replace('$', () => tree.children.map(one).join(''))
    words.push(`w${words.length}q`)
    return tree.wrap.replace('$', words.at(-1) ?? '')
  }
  const storage = roots.map(one).join('')
  return { storage, words }
}

function missing(words: readonly string[], markdown: string): string[] {
  const shown = new Set(markdown.match(/w\d+q/g))
  return words.filter(word => !shown.has(word))
}

const pages = fc.array(trees, { maxLength: 6 }).map(write)

it('shows every word of a page, however its elements are nested', () => {
  fc.assert(fc.property(pages, ({ storage, words }) => {
    expect(missing(words, convert(storage))).toEqual([])
  }), { numRuns: RUNS })
})

it('shows every word that a broken place leaves whole', () => {
  const damage = fc.record({ at: fc.nat(), remove: fc.nat({ max: 2 }), insert: fc.constantFrom('', '<', '>', '"', '&', '/', ' ', '=', ']', '!', '?', 'a') })
  fc.assert(fc.property(pages, damage, ({ storage, words }, { at, remove, insert }) => {
    const place = at % (storage.length + 1)
    const broken = storage.slice(0, place) + insert + storage.slice(place + remove)
    expect(missing(words.filter(word => broken.includes(word)), convert(broken))).toEqual([])
  }), { numRuns: RUNS })
})

it('shows every word before the end of a page that was cut off', () => {
  fc.assert(fc.property(pages, fc.nat(), ({ storage, words }, length) => {
    const cut = storage.slice(0, length % (storage.length + 1))
    expect(missing(words.filter(word => cut.includes(word)), convert(cut))).toEqual([])
  }), { numRuns: RUNS })
})

it('shows every word when a tag is missing', () => {
  fc.assert(fc.property(pages, fc.nat(), ({ storage, words }, gone) => {
    const parts = storage.split(/(?=<)|(?<=>)/)
    const tags = parts.flatMap((part, index) => /^<[/a-z]/.test(part) ? [index] : [])
    const removed = tags[gone % Math.max(1, tags.length)]
    expect(missing(words, convert(parts.filter((_part, index) => index !== removed).join('')))).toEqual([])
  }), { numRuns: RUNS })
})

it('never throws and gives the same again, for any text', () => {
  const pieces = fc.constantFrom('<', '>', '</', '/>', '<p>', '</p>', '<ac:structured-macro ac:name="code">', '<![CDATA[', ']]>', '&', ';', '"', '<td>', '<ul>', '<table>')
  fc.assert(fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 40 }), parts => {
    const storage = parts.join('')
    storageReferences(storage)
    expect(convert(storage)).toBe(convert(storage))
  }), { numRuns: RUNS })
})
