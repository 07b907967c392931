import { describe, expect, test } from 'vitest'
import { slowOnes } from '@qdrant-loader/testing/growth'
import { MARKDOWN_TEXTS, PLAIN_TEXTS } from '@qdrant-loader/testing/hostile-texts'
import { chunkText } from './chunk-text.ts'

const OPTIONS = { chunkSize: 512, chunkOverlap: 50 }

// What is loaded with the first text does not grow with it.
chunkText({ text: 'A text.', format: 'markdown' }, OPTIONS)

describe('H2: twice the text takes at most 2.5 times as long', () => {
  test.each([
    ['markdown', MARKDOWN_TEXTS],
    ['text', PLAIN_TEXTS.filter((_, index) => index % 2 === 0)],
    ['code', PLAIN_TEXTS.filter((_, index) => index % 2 === 1)],
  ] as const)('chunkText, %s', { timeout: 120_000 }, (format, texts) => expect(slowOnes((text) => chunkText({ text, format }, OPTIONS), texts)).toEqual([]))
})
