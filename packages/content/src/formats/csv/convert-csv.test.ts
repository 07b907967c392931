import { expect, it } from 'vitest'

import { convertContent } from '../convert-content.ts'

async function textOf(text: string, name = 'a.csv'): Promise<unknown> {
  const converted = await convertContent({ bytes: Buffer.from(text), name })
  return 'text' in converted ? [converted.format, converted.text] : converted.skipped
}

it.each([
  ['commas and quotes', 'name,note\nAnna,"likes, commas"\nBo,"two\nlines"\n', '| name | note |\n| --- | --- |\n| Anna | likes, commas |\n| Bo | two lines |\n'],
  ['semicolons', 'a;b;c\n1,5;2;3\n', '| a | b | c |\n| --- | --- | --- |\n| 1,5 | 2 | 3 |\n'],
  ['bars in cells', 'a,b\nx|y,2\n', '| a | b |\n| --- | --- |\n| x\\|y | 2 |\n'],
  ['rows of different length', 'a,b\n1\n1,2,3\n', '| a | b |  |\n| --- | --- | --- |\n| 1 |  |  |\n| 1 | 2 | 3 |\n'],
  ['blank rows', 'a,b\n,\n\n1,2\n', '| a | b |\n| --- | --- |\n| 1 | 2 |\n'],
])('F9: %s', async (_, text, table) => {
  expect(await textOf(text)).toEqual(['markdown', table])
})

it('F9: tabs', async () => {
  expect(await textOf('a\tb, c\n1\t2\n', 'a.tsv')).toEqual(['markdown', '| a | b, c |\n| --- | --- |\n| 1 | 2 |\n'])
})

it('one column is text', async () => {
  expect(await textOf('words\nand more words\n')).toEqual(['text', 'words\nand more words\n'])
})

it('a stray row of many columns does not multiply the text', async () => {
  const text = `a,b\n${'1,2\n'.repeat(2_000)}${'x,'.repeat(5_000)}\n`
  const [, table] = (await textOf(text)) as [string, string]
  expect(table.length).toBeLessThan(text.length * 10)
})
