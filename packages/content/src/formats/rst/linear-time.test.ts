import { expect, test } from 'vitest'
import { repeated, slowOnes } from '@qdrant-loader/testing/growth'
import { PLAIN_TEXTS } from '@qdrant-loader/testing/hostile-texts'
import { convertRst } from './convert-rst.ts'

/** What nests, and what begins something that never ends. */
const PARTS = [
  '``a ', '`a`_ ', ':a:`', '_`a ', '* ', '.. note:: a\n', '.. |a| replace:: b\n', '::\n\n a\n\n', '+--+\n|a |\n', '+-', '==  ==\n', 'a\n b\n', '.. csv-table::\n\n  a,"\n',
].map((part) => repeated(JSON.stringify(part), part))

test('twice the text takes at most 2.5 times as long', { timeout: 120_000 }, () => {
  expect(slowOnes((text) => convertRst(text), [...PARTS, ...PLAIN_TEXTS.slice(0, 8)])).toEqual([])
})

test('deep nesting ends', () => {
  const lines = Array.from({ length: 400 }, (_, at) => `${'  '.repeat(at)}* word${at}x`)
  expect(convertRst(lines.join('\n\n')).text).toContain('word399x')
})
