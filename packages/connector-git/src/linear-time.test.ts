import { expect, test } from 'vitest'
import { slowOnes } from '@qdrant-loader/testing/growth'
import { MARKDOWN_TEXTS, PLAIN_TEXTS } from '@qdrant-loader/testing/hostile-texts'
import { markdownTitle } from './markdown-title.ts'

test('H2: the title of twice the Markdown takes at most 2.5 times as long', () => {
  expect(slowOnes(markdownTitle, [...MARKDOWN_TEXTS, ...PLAIN_TEXTS])).toEqual([])
  expect(slowOnes((text) => markdownTitle(`${text}\n====\n`), PLAIN_TEXTS)).toEqual([])
})
