import { expect, test } from 'vitest'
import { createPaint } from './paint.ts'
import { renderTable } from './table.ts'
import type { Column } from './table.ts'

const paint = createPaint(false)
const COLUMNS: Column[] = [{ name: 'name' }, { name: 'count', align: 'right' }, { name: 'extra', spare: 1 }, { name: 'why', wraps: true }]
const ROWS = [
  ['guide', '12', 'more', 'because it was changed in the last commit'],
  ['a-longer-name', '1,204', 'x', 'new'],
]

test('columns are aligned under their names, without borders', async () => {
  expect(await renderTable(COLUMNS, ROWS, { columns: 160, paint })).toBe(
    [
      'name           count  extra  why',
      'guide             12  more   because it was changed in the last commit',
      'a-longer-name  1,204  x      new',
      '',
    ].join('\n'),
  )
})

test('styles take no column, and a cell of several lines is a row of several lines', async () => {
  const bold = createPaint(true)
  const rows = [[bold.bad('failed'), '1'], ['ok', '2']]
  expect(await renderTable([{ name: 'status' }, { name: 'n' }], rows, { columns: 80, paint })).toBe(`status  n\n${bold.bad('failed')}  1\nok      2\n`)
  expect(await renderTable([{ name: 'a' }, { name: 'b' }], [['one\ntwo', '1']], { columns: 80, paint })).toBe('a    b\none  1\ntwo\n')
})

test('where it gets narrow, spare columns go first, then text is wrapped', async () => {
  const text = await renderTable(COLUMNS, ROWS, { columns: 50, paint })
  expect(text).not.toContain('extra')
  expect(text).toContain('because it was changed in')
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(50)
})

test('where even that does not fit, each row is a block of names and values', async () => {
  const text = await renderTable(COLUMNS, ROWS, { columns: 20, paint })
  expect(text).toContain('name   guide\ncount  12\n')
})

test('without a terminal a row stays one line, however long', async () => {
  const text = await renderTable([{ name: 'a', wraps: true }], [['word '.repeat(200).trim()]], { columns: Number.POSITIVE_INFINITY, paint })
  expect(text.split('\n')).toHaveLength(3)
})

test('wide characters take two columns', async () => {
  const text = await renderTable([{ name: 'a' }, { name: 'b' }], [['文書', '1'], ['abcd', '2']], { columns: 80, paint })
  expect(text).toBe('a     b\n文書  1\nabcd  2\n')
})

test('no rows give no text', async () => {
  expect(await renderTable(COLUMNS, [], { columns: 80, paint })).toBe('')
})
