import { expect, it, test } from 'vitest'
import { slowOnes } from '@qdrant-loader/testing/growth'
import { MARKDOWN_TEXTS, PLAIN_TEXTS } from '@qdrant-loader/testing/hostile-texts'
import { markdownTitle } from './markdown-title.ts'

it.each([
  ['# Title', 'Title'],
  ['intro\n\n# Title #\n# Other', 'Title'],
  ['## Two\n\n# One', 'One'],
  ['Title\n=====\n', 'Title'],
  ['Two\nlines\n===', 'Two lines'],
  ['```\n# no\n```\n# Yes', 'Yes'],
  ['~~~~\n~~~\n# no\n~~~~\n# Yes', 'Yes'],
  ['---\ntitle: x\n# comment\n---\n# Yes', 'Yes'],
  ['# A [link](http://x) and `code` and **bold**', 'A link and code and bold'],
  ['# snake_case_name', 'snake_case_name'],
  ['#\n# Yes', 'Yes'],
  ['# Windows\r\ntext', 'Windows'],
])('finds the title of %j', (text, title) => {
  expect(markdownTitle(text)).toBe(title)
})

it.each(['', 'text', '#hashtag', '    # code', '## Two', '- item\n===', '```\n# open fence', '> quote\n==='])('finds none in %j', (text) => {
  expect(markdownTitle(text)).toBeUndefined()
})

test('H2: the title of twice the Markdown takes at most 2.5 times as long', () => {
  expect(slowOnes(markdownTitle, [...MARKDOWN_TEXTS, ...PLAIN_TEXTS])).toEqual([])
  expect(slowOnes((text) => markdownTitle(`${text}\n====\n`), PLAIN_TEXTS)).toEqual([])
})
