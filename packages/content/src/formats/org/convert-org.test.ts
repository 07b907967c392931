import { expect, it } from 'vitest'
import { repeated, slowOnes } from '@qdrant-loader/testing/growth'

import { convertOrg } from './convert-org.ts'

function textOf(source: string): string {
  return convertOrg(source).text.replace(/\n{3,}/g, '\n\n').trim()
}

it.each([
  ['headings', '* TODO [#A] The plan :work:now:\nText.\n** Part\nMore.', '# The plan\n\nText.\n\n## Part\n\nMore.'],
  ['code', '#+BEGIN_SRC python :results output\n,* x\nprint(1)\n#+END_SRC', '```python\n* x\nprint(1)\n```'],
  ['quotations', '#+begin_quote\nSaid.\n#+end_quote', '> Said.'],
  ['drawers, comments and settings', ':PROPERTIES:\n:ID: 1\n:END:\n# hidden\n#+STARTUP: overview\nSCHEDULED: <2026-01-02>\nText.', 'Text.'],
  ['lists', '- one\n  + [X] two\n- term :: its *meaning*', '- one\n  - two\n- **term**: its **meaning**'],
  ['tables', '| a | b |\n|---+---|\n| 1 | 2 |', '| a | b |\n| --- | --- |\n| 1 | 2 |'],
  ['links', 'See [[https://a.example/x_y][the *page*]], [[https://b.example]] and [[*Part][there]].', 'See [the *page*](https://a.example/x_y), <https://b.example> and there.'],
  ['marks', '*bold* /italic/ =code= ~code~ +gone+ and a/b/c, 2*3*4, snake_case_name.', '**bold** *italic* `code` `code` ~~gone~~ and a/b/c, 2*3*4, snake_case_name.'],
  ['literal lines', ': $ make\n\nText.', '$ make\n\nText.'],
  ['a block that nothing ends', '#+BEGIN_SRC c\nint a;', 'int a;'],
])('F4: Org, %s', (_, source, markdown) => {
  expect(textOf(source)).toBe(markdown)
})

it('has a title and metadata', () => {
  expect(convertOrg('#+TITLE: The plan\n#+AUTHOR: Anna\n\n* First\n')).toMatchObject({ title: 'The plan', metadata: { front_matter: { author: 'Anna' } } })
  expect(convertOrg('Text.\n* First :a:\n')).toMatchObject({ title: 'First' })
})

it('twice the text takes at most 2.5 times as long', { timeout: 60_000 }, () => {
  const parts = ['[[a', '* a\n', ':a:\n', '#+begin_src\n', '/a '].map((part) => repeated(JSON.stringify(part), part))
  expect(slowOnes((text) => convertOrg(text), parts)).toEqual([])
})
