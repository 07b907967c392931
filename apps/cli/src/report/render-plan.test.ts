import type { DocumentAction, DocumentChange } from '@qdrant-loader/core/pipeline'
import { expect, test } from 'vitest'
import { createPaint } from '../output/paint.ts'
import { emptySyncReport } from './empty-report.ts'
import { renderPlan, renderPlanLine } from './render-plan.ts'
import type { PlannedReport, PlannedSource } from './render-plan.ts'

const paint = createPaint(false)
const points = { upserted: 0, payload_updated: 0, deleted: 0 }

const change = (action: DocumentAction, document_id: string, reason = 'why', from?: string): DocumentChange => ({
  document_id, action, reason, points, ...(from !== undefined && { from }),
})

function source(changes: readonly DocumentChange[], more: Partial<PlannedSource> = {}): PlannedSource {
  const zero = emptySyncReport(false, true).totals
  return { ...zero, project: 'default', source_type: 'git', source: 'docs', status: 'succeeded', mode: 'full', duration_ms: 1, error: null, changes, ...more }
}

const report = (...sources: readonly PlannedSource[]): PlannedReport => ({
  run_id: 'r', mode: 'full', dry_run: true, status: 'succeeded', totals: emptySyncReport(false, true).totals, estimate: { inputs: 0, tokens: 0 }, sources,
})

const many = (action: DocumentAction, count: number) => Array.from({ length: count }, (_none, at) => change(action, `${action}${at}.md`))

test('U5: the first 20 of each action, then how many more, in an order of their own', () => {
  const text = renderPlan([source([...many('fail', 1), ...many('update', 21), ...many('add', 1_045), change('hold', 'held.md', 'out-of-scope'), change('move', 'b.md', 'moved from a.md', 'a.md')])], paint)
  const lines = text.trimEnd().split('\n')
  expect(lines[0]).toBe('git/docs')
  expect(lines.slice(1, 22)).toEqual([...Array.from({ length: 20 }, (_none, at) => `  add     add${at}.md (why)`), '  add     … and 1,025 more'])
  expect(lines.slice(-5)).toEqual([
    '  update  update19.md (why)',
    '  update  … and 1 more',
    '  move    a.md -> b.md',
    '  hold    held.md (out of scope)',
    '  fail    fail0.md (why)',
  ])
})

test('a source without changes has nothing to do, and one that failed before it named any is told elsewhere', () => {
  const error = { code: 'x', kind: 'auth', message: '', hint: '' } as const
  expect(renderPlan([source([]), source([], { source: 'b', status: 'failed', error })], paint)).toBe('git/docs: nothing to do\n\n')
  expect(renderPlan([source([change('add', 'a.md')], { status: 'partial', error })], paint)).toContain('git/docs\n  add     a.md')
  expect(renderPlan([source([change('add', 'a.md')], { status: 'failed', error })], paint)).toContain('git/docs, as far as it came\n  add     a.md')
})

test.each([
  [[source([])], { inputs: 0, tokens: 0 }, 'Plan: 0 to add, 0 to update, 0 to delete; nothing to embed\n'],
  [[source([...many('add', 3), ...many('update', 1)])], { inputs: 12, tokens: 3_412 }, 'Plan: 3 to add, 1 to update, 0 to delete; embeds 12 texts, ~3,412 tokens\n'],
  [
    [source([...many('add', 1_000), ...many('move', 2), ...many('delete', 1)]), source([...many('hold', 60), ...many('wait', 1), ...many('fail', 1)])],
    { inputs: 1, tokens: 9 },
    'Plan: 1,000 to add, 0 to update, 2 to move, 1 to delete, 60 held, 1 unconfirmed, 1 failing; embeds 1 text, ~9 tokens\n',
  ],
  [[source([], { status: 'failed' })], { inputs: 0, tokens: 0 }, ''],
  [[source(many('add', 7), { status: 'stopped' })], { inputs: 5, tokens: 9 }, ''],
  [[source(many('add', 1)), source(many('add', 7), { status: 'failed' })], { inputs: 0, tokens: 0 }, 'Plan: 1 to add, 0 to update, 0 to delete, and 1 source that was not planned; nothing to embed\n'],
])('U5: it ends with one line (%#)', (sources, estimate, line) => {
  const [first, ...others] = sources
  expect(renderPlanLine(report(...(first === undefined ? [] : [{ ...first, estimate }]), ...others))).toBe(line)
})
