import { expect, it } from 'vitest'

import { convertContent } from '../convert-content.ts'
import type { ConvertOptions } from '../format.ts'

async function converted(notebook: unknown, options?: ConvertOptions): Promise<unknown> {
  return convertContent({ bytes: Buffer.from(typeof notebook === 'string' ? notebook : JSON.stringify(notebook)), name: 'a.ipynb' }, options)
}

const CELLS = [
  { cell_type: 'markdown', source: ['# Growth\n', '\n', 'See ![the curve](attachment:curve.png).'], attachments: { 'curve.png': { 'image/png': 'aGFsbG8='.repeat(1_000) } } },
  {
    cell_type: 'code',
    source: 'print("a")\nplot(x)',
    outputs: [
      { output_type: 'stream', name: 'stdout', text: ['a\n', 'b\n'] },
      { output_type: 'display_data', data: { 'image/png': 'aGFsbG8='.repeat(1_000), 'text/plain': ['<Figure>'] } },
    ],
  },
  { cell_type: 'code', source: [] },
  { cell_type: 'raw', source: 'Raw words.' },
]

it('F6: a notebook is its texts and code in order, without pictures and outputs', async () => {
  expect(await converted({ nbformat: 4, metadata: { language_info: { name: 'python' } }, cells: CELLS })).toEqual({
    contentType: 'application/x-ipynb+json',
    format: 'markdown',
    title: 'Growth',
    text: '# Growth\n\nSee ![the curve](attachment:curve.png).\n\n```python\nprint("a")\nplot(x)\n```\n\nRaw words.',
  })
})

it('F6: what was printed stands below the code where it is asked for', async () => {
  const text = '```r\ncat("a")\n```\n\n```text\na\n\n<Figure>\n```'
  const cells = [{ ...CELLS[1], source: 'cat("a")', outputs: [{ output_type: 'stream', text: 'a\n' }, { output_type: 'execute_result', data: { 'text/plain': '<Figure>' } }] }]
  expect(await converted({ metadata: { kernelspec: { language: 'R' } }, cells }, { notebookOutputs: true })).toMatchObject({ text })
})

it('version 3 has worksheets and headings', async () => {
  const cells = [{ cell_type: 'heading', level: 2, source: ['Old'] }, { cell_type: 'code', input: 'x = 1' }]
  expect(await converted({ nbformat: 3, metadata: {}, worksheets: [{ cells }] })).toMatchObject({ title: 'Old', text: '## Old\n\n```python\nx = 1\n```' })
})

it('code with fences in it keeps them', async () => {
  expect(await converted({ metadata: {}, cells: [{ cell_type: 'code', source: '"""\n```\nx\n```\n"""' }] })).toMatchObject({ text: '````python\n"""\n```\nx\n```\n"""\n````' })
})

it.each([['no JSON', '{"cells": ['], ['no object', '[]'], ['conflicts', '<<<<<<< HEAD\n{}\n>>>>>>>']])('%s is broken', async (_, text) => {
  expect(await converted(text)).toMatchObject({ skipped: 'broken' })
})

it('cells of another shape do not stop the others', async () => {
  expect(await converted({ metadata: 'x', cells: [null, 3, { cell_type: 'markdown', source: { a: 1 } }, { cell_type: 'markdown', source: 'Kept.' }] })).toMatchObject({ text: 'Kept.' })
})
