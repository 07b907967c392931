import { describe, expect, it } from 'vitest'
import { adfToMarkdown } from '../src/index.ts'
import { convert, type StorageCase } from './storage-world.ts'

function macro(name: string, parameters: Readonly<Record<string, string>>, body = ''): string {
  const written = Object.entries(parameters).map(([key, value]) => `<ac:parameter ac:name="${key}">${value}</ac:parameter>`).join('')
  return `<ac:structured-macro ac:name="${name}">${written}${body}</ac:structured-macro>`
}

function plain(text: string): string {
  return `<ac:plain-text-body><![CDATA[${text}]]></ac:plain-text-body>`
}

const WIDGET = macro('widget', { url: 'https://video.example/v/1' })
const FORMULA = String.raw`\frac{a + b}{2}`

const CASES: StorageCase[] = [
  {
    name: 'C9: a formula that is encoded for an address',
    storage: `${macro('eazy-math-block', { body: `--uriencoded--${encodeURIComponent(FORMULA)}` })}<p>is ${macro('mathinline', { body: '--uriencoded--a%2Bb' })}</p>`,
    markdown: ['$$', FORMULA, '$$', '', 'is $a+b$'],
  },
  {
    name: 'C9: any other parameter or body that is encoded so',
    storage: [macro('panel', { title: '--uriencoded--50%25%20off' }, '<ac:rich-text-body><p>x</p></ac:rich-text-body>'), macro('code', {}, plain('--uriencoded--a%0Ab'))],
    markdown: ['> **50% off**', '>', '> x', '', '```', 'a', 'b', '```'],
  },
  {
    name: 'C9: two widgets with the same address side by side are two links',
    storage: [`<p>${WIDGET}${WIDGET}</p>`, `<p>${WIDGET} ${WIDGET} and ${WIDGET}</p>`],
    markdown: ['https://video.example/v/1 https://video.example/v/1', '', 'https://video.example/v/1 https://video.example/v/1 and https://video.example/v/1'],
  },
  {
    name: 'C9: also plain links that are written as their address; words of one link stay together',
    storage: '<p><a href="https://a.example/">https://a.example/</a> <a href="https://a.example/">https://a.example/</a></p><p><a href="https://a.example/">one</a> <a href="https://a.example/">two</a></p>',
    markdown: ['https://a.example/ https://a.example/', '', '[one two](https://a.example/)'],
  },
  {
    name: 'C9: the body parameter of an unknown macro, in a line and in several',
    storage: [macro('note-card', { body: 'Ask Ann first.' }), macro('diagram-of', { body: 'a\n-> b', language: 'dot' }), macro('switch', { body: 'true', content: 'page' })],
    markdown: ['Ask Ann first.', '', '```dot', 'a', '-> b', '```'],
  },
  {
    name: 'C9: sentences in parameters that nobody knows; settings are none',
    storage: macro('survey', {
      hint: 'Tell us what you think of it.', columns: 'key summary type created updated due', jql: 'project is one and status is two', id: '7b1c', width: '80',
    }),
    markdown: 'Tell us what you think of it.',
  },
  {
    name: 'C9: emoticons of Atlassian by their names, and characters by their codes',
    storage: [
      '<p><ac:emoticon ac:name="tick" ac:emoji-shortname=":check_mark:" ac:emoji-id="atlassian-check_mark" ac:emoji-fallback=":check_mark:"/> ',
      '<ac:emoticon ac:name="cross" ac:emoji-shortname=":cross_mark:" ac:emoji-id="atlassian-cross_mark" ac:emoji-fallback=":cross_mark:"/> ',
      '<ac:emoticon ac:name="blue-star" ac:emoji-shortname=":check_mark:" ac:emoji-id="atlassian-check_mark"/> ',
      '<ac:emoticon ac:name="blue-star" ac:emoji-shortname=":rocket:" ac:emoji-id="1f680" ac:emoji-fallback=":rocket:"/> ',
      '<ac:emoticon ac:name="blue-star" ac:emoji-shortname=":flag_de:" ac:emoji-id="1f1e9-1f1ea"/> ',
      '<ac:emoticon ac:name="blue-star" ac:emoji-shortname=":team_logo:" ac:emoji-id="0b1c2d3e-1111" ac:emoji-fallback=":team_logo:"/></p>',
    ],
    markdown: '✅ ❌ ✅ 🚀 🇩🇪 :team_logo:',
  },
  {
    name: 'C9: the language of a code macro that nobody knows, in any spelling',
    storage: [macro('fancy-code', { language: 'python' }, plain('x = 1')), macro('other-code', { 'code-language': 'sql' }, plain('select 1')), macro('code', { Lang: 'go' }, plain('a()'))],
    markdown: ['```python', 'x = 1', '```', '', '```sql', 'select 1', '```', '', '```go', 'a()', '```'],
  },
  {
    name: 'C9: Forge macros, whose settings are a tree or JSON',
    storage: [
      '<ac:adf-extension><ac:adf-node type="extension"><ac:adf-attribute key="parameters"><ac:adf-parameter key="guestParams">',
      '<ac:adf-parameter key="title">Network</ac:adf-parameter><ac:adf-parameter key="body">--uriencoded--All%20of%20it</ac:adf-parameter></ac:adf-parameter></ac:adf-attribute></ac:adf-node></ac:adf-extension>',
      '<ac:adf-extension><ac:adf-node type="extension"><ac:adf-attribute key="parameters"><ac:adf-parameter key="guestParams">{"title":"From JSON"}</ac:adf-parameter></ac:adf-attribute></ac:adf-node></ac:adf-extension>',
      macro('forge-app', { guestParams: '{"guestParams":{"caption":{"value":"In a macro"},"rows":[1]}}' }),
    ],
    markdown: ['Network All of it', '', 'From JSON', '', 'In a macro'],
  },
]

describe('Macros, emoticons and apps read as text, and nothing is lost', () => {
  it.each(CASES)('$name', ({ storage, markdown }) => {
    expect(convert(storage)).toBe([markdown].flat().join('\n'))
  })

  it('C9: Forge macros of the newer format', () => {
    const extension = { type: 'extension', attrs: { extensionKey: 'x', parameters: { guestParams: { title: 'Network' } } } }
    expect(adfToMarkdown({ type: 'doc', version: 1, content: [extension] }, {})).toBe('Network')
  })
})
