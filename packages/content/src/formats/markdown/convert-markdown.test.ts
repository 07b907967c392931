import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { convertContent } from '../convert-content.ts'
import type { ConvertedText } from '../format.ts'

async function converted(text: string, name = 'page.md'): Promise<ConvertedText> {
  const result = await convertContent({ bytes: Buffer.from(text), name })
  if ('skipped' in result) throw new Error(`skipped: ${result.skipped}`)
  return result
}

async function textOf(text: string, name?: string): Promise<string> {
  return (await converted(text, name)).text.replace(/\n{3,}/g, '\n\n').trim()
}

describe('F1: front matter', () => {
  it.each([
    ['YAML', '---\ntitle: "A: page"\ntags: [a, b]\ndate: 2026-01-02\n---\n\nText.\n', { tags: ['a', 'b'], date: '2026-01-02' }],
    ['YAML with dots', '---\ntitle: "A: page"\nslug: x\n...\nText.\n', { slug: 'x' }],
    ['TOML', '+++\ntitle = "A: page"\ndate = 2026-01-02T03:04:05Z\n[params]\nweight = 3\n+++\nText.\n', { date: '2026-01-02T03:04:05.000Z', params: { weight: 3 } }],
    ['JSON', '{\n  "title": "A: page",\n  "tags": ["a"]\n}\n\nText.\n', { tags: ['a'] }],
    ['YAML with a mistake', '---\ntitle: A: page\ntags: [a\n---\nText.\n', { tags: '[a' }],
  ])('in %s gives the title and metadata, and is no text', async (_, text, frontMatter) => {
    expect(await converted(text)).toMatchObject({ title: 'A: page', text: expect.stringMatching(/^Text\.\s*$/), metadata: { front_matter: frontMatter } })
  })

  it.each([
    ['two thematic breaks', '---\n\nSome words, and more.\n\n---\n\nText.\n'],
    ['a sentence between breaks', '---\nSome words.\n---\n'],
    ['a break that nothing closes', '---\ntitle: x\n\nText.\n'],
    ['an object in braces', '{ not: json }\n\nText.\n'],
    ['a list', '---\n- a\n- b\n---\nText.\n'],
  ])('is not %s', async (_, text) => {
    const result = await converted(text)
    expect(result.metadata).toBeUndefined()
    expect(result.text).toBe(text)
  })

  it('is bounded in the payload', async () => {
    const long = Array.from({ length: 100 }, (_, at) => `key${at}: ${'x'.repeat(2_000)}`).join('\n')
    const { metadata } = await converted(`---\n${long}\n---\nText.\n`)
    expect(JSON.stringify(metadata).length).toBeLessThan(10_000)
  })

  it('of a draft skips the document, unless drafts are asked for', async () => {
    const bytes = Buffer.from('---\ndraft: true\n---\nText.\n')
    expect(await convertContent({ bytes, name: 'a.md' })).toEqual({ skipped: 'draft', contentType: 'text/markdown' })
    expect(await convertContent({ bytes, name: 'a.md' }, { drafts: true })).toMatchObject({ text: 'Text.\n' })
  })

  it('may expand to nothing large (aliases)', async () => {
    const bomb = `---\na: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'.split('').map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[at]}`).join(',')}]`).join('\n')}\n---\nText.\n`
    expect((await converted(bomb)).text).toBe('Text.\n')
  })
})

describe('title', () => {
  it.each([
    ['F2: the first heading of any level', '## Only a second level\n\ntext', 'Only a second level'],
    ['F2: a heading in HTML', '<h1 align="center">The <b>name</b></h1>\n\ntext', 'The name'],
    ['the first of level 1 before others', '## Two\n\n# One', 'One'],
    ['underlined', 'Two\nlines\n===', 'Two lines'],
    ['F3: not in a comment', '<!--\n# No\n-->\n\n# Yes', 'Yes'],
    ['F3: not in pre', '<pre>\n# No\n</pre>\n\n# Yes', 'Yes'],
    ['F3: not in a fence', '~~~~\n~~~\n# No\n~~~~\n# Yes', 'Yes'],
    ['F3: not in indented code', '    # No\n\n# Yes', 'Yes'],
    ['without markup', '# A [link](http://x) and `code`, **bold** \\*', 'A link and code, bold *'],
    ['with underscores', '# snake_case_name', 'snake_case_name'],
    ['without an anchor', '# Words {#words}', 'Words'],
    ['empty ones do not count', '#\n\n# Yes', 'Yes'],
    ['none', 'Words.', undefined],
  ])('%s', async (_, text, title) => {
    expect((await converted(text)).title).toBe(title)
  })

  it('has no lines, whatever line ends the file has', async () => {
    expect((await converted('# Windows\r\n\r\ntext\r\n')).title).toBe('Windows')
  })
})

describe('F8: markup of site generators', () => {
  it.each([
    ['imports and exports', "import Tabs from '@theme/Tabs'\nimport {\n  A,\n} from './a'\nexport const x = 1\n\nText.", 'Text.', 'a.mdx'],
    ['an import in plain Markdown', "import Tabs from '@theme/Tabs';\n\nText.", 'Text.'],
    ['but not prose', 'import the data first\n\nexport it later', 'import the data first\n\nexport it later'],
    ['components', '<Listing number="1-1" file-name="main.rs">\n\n```rust\nfn main() {}\n```\n\n</Listing>\n\nText.', '```rust\nfn main() {}\n```\n\nText.'],
    ['titles of components', '<Card title="First steps" icon={<X y="z" />}>\n  Read *this*.\n</Card>', 'First steps\n  Read *this*.', 'a.mdx'],
    ['inline tags', 'Press <kbd>Ctrl</kbd>, see <a href="x.html">the page</a>.<br/>Next<!-- hidden -->.', 'Press Ctrl, see [the page](x.html). Next.'],
    ['generics and placeholders stay', 'A List<String> and <name>, Map<K, V>; 1 < 2.', 'A List<String> and <name>, Map<K, V>; 1 < 2.'],
    ['autolinks stay', 'See <https://example.com>.', 'See <https://example.com>.'],
    ['code stays', 'Use `<div>` and ``<Tabs a="`">``.', 'Use `<div>` and ``<Tabs a="`">``.'],
    ['fences stay', '```html\n<div>:::tip</div>\n:::tip\nimport x\n```', '```html\n<div>:::tip</div>\n:::tip\nimport x\n```'],
    ['comments of MDX', 'Text {/* hidden\nwords */}here.', 'Text here.', 'a.mdx'],
    ['a table in HTML', '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>', '| a | b |\n| --- | --- |\n| 1 | 2 |'],
    ['a picture as HTML', '<p align="center"><img src="logo.png" alt="Logo"></p>', '![Logo](logo.png)'],
    ['details', '<details>\n<summary>More</summary>\n\nText.\n\n</details>', 'More\n\nText.'],
    ['tabs whose code is indented', '<Tabs>\n  <TabItem value="npm" label="npm">\n\n    ```bash\n    npm i\n    ```\n\n  </TabItem>\n</Tabs>', 'npm\n\n```bash\nnpm i\n```', 'a.mdx'],
    [':::tip', ':::tip\n\nDo it.\n\n:::\n\nText.', '> **Tip:** Do it.\n\nText.'],
    [':::note with a title', ':::note[Mind this] {#id}\nOne.\n\n- a\n:::', '> **Note:** Mind this\n>\n> One.\n>\n> - a'],
    [':::warning before a list', '::: warning\n- a\n:::', '> **Warning:**\n>\n> - a'],
    ['nested boxes', '::::info Outer\n:::tip\nInner.\n:::\nAfter.\n::::', '> **Info:** Outer\n>\n> > **Tip:** Inner.\n>\n> After.'],
    ['a box that nothing closes', ':::tip\nDo it.', '**Tip:** Do it.'],
    ['MkDocs', '!!! warning "Take care"\n    One.\n\n    ```sh\n    two\n    ```\n\nText.', '> **Warning:** Take care\n>\n> One.\n>\n> ```sh\n> two\n> ```\n\nText.'],
    ['tabs of MkDocs', '=== "Linux"\n\n    apt install\n\n=== "Mac"\n\n    brew install\n', '**Linux**\n\napt install\n\n**Mac**\n\nbrew install'],
    ['MyST', '```{warning} Really\nText *here*.\n```\n\n```{code-block} python\nx = 1\n```', '> **Warning:** Really\n>\n> Text *here*.\n\n```python\nx = 1\n```'],
    ['GitBook', '{% hint style="info" %}\nText.\n{% endhint %}', '> **Info:** Text.'],
    ['shortcodes of Hugo', '{{< figure src="a.png" caption="The parts" >}}\n\n{{% notice %}}Text.{{% /notice %}}', 'The parts\n\nText.'],
    ['highlights of Jekyll', '{% highlight ruby %}\nputs 1\n{% endhighlight %}', '```ruby\nputs 1\n```'],
    ['variables of templates stay', 'Hello {{ name }}.', 'Hello {{ name }}.'],
    ['attribute lists', '{: .note }\nText [a](b){:target="_blank"}.', 'Text [a](b).'],
    ['nothing hides behind an open script or comment', 'a <script> b <!-- c', 'a  b <!-- c'],
  ])('%s', async (_, text, expected, name = 'page.md') => {
    expect(await textOf(text, name)).toBe(expected)
  })
})

describe('F7: data', () => {
  const data = Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 7919 + (at >> 3) * 31) % 256)).toString('base64')

  it.each([
    ['a picture in Markdown', `![The parts](data:image/png;base64,${data}) and text`, 'The parts'],
    ['a picture in HTML', `<img alt="The parts" src="data:image/png;base64,${data}"> and text`, 'The parts'],
    ['a definition', `![The parts][x] and text\n\n[x]: data:image/png;base64,${data}`, 'The parts'],
    ['a key', `text\n\n\`\`\`\n-----BEGIN KEY-----\n${(data.match(/.{64}/g) ?? []).join('\n')}\n-----END KEY-----\n\`\`\``, 'BEGIN KEY'],
    ['hexadecimal', `text ${Buffer.from(data).toString('hex')} more`, 'more'],
  ])('%s', async (_, text, kept) => {
    const result = await textOf(text)
    expect(result).toContain(kept)
    expect(result).toContain('text')
    expect(result.length).toBeLessThan(120)
  })

  it('is not a long path, a long word, or a hash', async () => {
    const text = `${'folder/'.repeat(60)}file\n${'abcdefghij'.repeat(40)}\nsha512-${data.slice(0, 86)}==`
    expect(await textOf(text)).toBe(text)
  })
})

describe('whatever the text', () => {
  const FRAGMENTS = [
    '<div>', '</div>', '<Tabs>', '</Tabs>', '<a href="x">', '</a>', '<!--', '-->', '{/*', '*/}', '`', '```', '\n', '\n\n', ':::', ':::tip', '!!! note', '    ',
    '{%', '%}', '{{<', '>}}', '---', '+++', '# ', '- ', '> ', '<script>', '</script>', '<pre>', '<table><tr><td>', '"', "'", '=', '\\',
  ]
  it('no word is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.constantFrom(' '))), fc.constantFrom('a.md', 'a.mdx'), async (parts, name) => {
        // A word behind each part, outside of what HTML and MDX hide.
        const text = parts.map((part, at) => `${part} word${at}x `).join('')
        const hides = /<!--|\{\/\*|<script|\{%|\{\{<|<[A-Za-z/]|"|'|---|\+\+\+|```\{/.test(text)
        const result = await convertContent({ bytes: Buffer.from(`start ${text}`), name })
        const kept = 'text' in result ? result.text : ''
        if (!hides) for (const at of parts.keys()) expect(kept).toContain(`word${at}x`)
      }),
      { numRuns: 300 },
    )
  })
})
