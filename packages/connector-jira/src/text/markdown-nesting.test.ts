import { expect, test } from 'vitest'
import { slowOnes } from '@qdrant-loader/testing/growth'
import { MARKDOWN_TEXTS, PLAIN_TEXTS } from '@qdrant-loader/testing/hostile-texts'
import { nested, oneLine, plain } from './markdown-nesting.ts'

test('H2: twice the text takes at most 2.5 times as long', () => {
  for (const run of [plain, oneLine, (text: string) => nested(text, 2)]) expect(slowOnes(run, [...PLAIN_TEXTS, ...MARKDOWN_TEXTS])).toEqual([])
})
