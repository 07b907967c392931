import { expect, test } from 'vitest'
import { slowOnes } from '../../../tooling/testing/growth.ts'
import { MARKDOWN_TEXTS, PLAIN_TEXTS } from '../../../tooling/testing/hostile-texts.ts'
import { nested, oneLine, plain } from './markdown-nesting.ts'

test('H2: twice the text takes at most 2.5 times as long', () => {
  for (const run of [plain, oneLine, (text: string) => nested(text, 2)]) expect(slowOnes(run, [...PLAIN_TEXTS, ...MARKDOWN_TEXTS])).toEqual([])
})
