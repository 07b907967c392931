import type { SourceReport, SyncReport } from '@qdrant-loader/core/pipeline'
import { expect, test } from 'vitest'
import { createPaint } from '../output/paint.ts'
import { emptySyncReport } from './empty-report.ts'
import { exitCodeOfReport } from './exit-code-of-report.ts'
import { renderAttention, renderSyncReport } from './render-sync-report.ts'

const zero = emptySyncReport(false, false).totals

function source(change: Partial<SourceReport>, documents: Partial<SourceReport['documents']> = {}): SourceReport {
  return {
    ...zero, project: 'default', source_type: 'git', source: 'docs', status: 'succeeded', mode: 'incremental', duration_ms: 340, error: null,
    ...change, documents: { ...zero.documents, ...documents },
  }
}

function reportOf(...sources: SourceReport[]): SyncReport {
  const totals = { ...zero, documents: { ...zero.documents } }
  for (const { documents } of sources) for (const key of Object.keys(documents) as (keyof typeof documents)[]) totals.documents[key] += documents[key]
  return { run_id: 'r', mode: 'incremental', dry_run: false, status: 'succeeded', sources, totals }
}

const render = (report: SyncReport, columns = 80) => renderSyncReport(report, { columns, paint: createPaint(false) })

test('a row a source; columns for what went wrong only where something did', async () => {
  expect(await render(reportOf(source({}, { added: 1_204 })), 120)).toBe(
    [
      'source    status     added  updated  moved  deleted  unchanged  embedded  reused    time',
      'git/docs  succeeded  1,204        0      0        0          0         0       0  340 ms',
      '',
    ].join('\n'),
  )
})

test('what needs attention is said with what to do', () => {
  const error = { code: 'git_unreachable', kind: 'transient', message: 'The remote does not answer.', hint: 'Check the network.' } as const
  const text = renderAttention(
    reportOf(
      source({ source: 'a', status: 'failed', error }),
      source({ source: 'b', status: 'held' }, { held: 60, failed: 1, unconfirmed: 2 }),
    ),
  )
  expect(text).toContain('Error: git/a: The remote does not answer.\nTo fix it: Check the network.\n(git_unreachable)')
  expect(text).toContain('git/b: 1 document could not be synced.\nTo fix it: see why with qdrant-loader failures')
  expect(text).toContain('git/b: the deletion of 60 documents is held')
  expect(text).toContain('sync --allow-mass-delete')
  expect(text).toContain('git/b: 2 documents may be gone')
  expect(renderAttention(reportOf(source({})))).toBe('')
})

test('what was passed over is counted by reason', async () => {
  expect(await render(reportOf(source({ skipped: { binary: 3, symlink: 1 } })))).toContain('git/docs: skipped 3 binary, 1 symlink')
})

test('S1: what a source has and did not show is counted by reason, with an example', async () => {
  const shortfalls = { refused: { count: 1_039, example: 'https://a.test/x' }, their_own: { count: 1, example: 'a\u001b[2J' } }
  const text = await render(reportOf(source({ shortfalls })))
  expect(text).toContain('git/docs: 1,039 refused, such as https://a.test/x\n')
  expect(text).toContain('git/docs: 1 their_own, such as "a\\u001b[2J"\n')
})

test('why documents left is told where it is more than that they were deleted', async () => {
  expect(await render(reportOf(source({ verdicts: { deleted: 2 } }, { deleted: 2 })))).not.toContain('going')
  expect(await render(reportOf(source({ verdicts: { deleted: 2, archived: 1, hidden: 3, 'out-of-scope': 1, textless: 1, unknown: 1_204 } })))).toContain(
    'git/docs: gone or going: 2 deleted, 1 archived, 3 no longer visible, 1 out of scope, 1 without text now, 1,204 unconfirmed',
  )
})

test.each([60, 80])('the table fits into %i columns', async (columns) => {
  const text = await render(reportOf(source({ source: 'handbook', project: 'team' }, { added: 1_204, failed: 3 })), columns)
  const table = text.split('\n\n')[0] ?? ''
  for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
})

test.each([
  [[source({})], 0],
  [[source({ status: 'partial' }, { failed: 1 })], 5],
  [[source({ status: 'held' }, { held: 1, failed: 1 })], 6],
  [[source({ status: 'failed', error: { code: 'lease_held', kind: 'transient', message: '', hint: '' } })], 7],
  [[source({ status: 'failed', error: { code: 'x', kind: 'auth', message: '', hint: '' } }), source({ status: 'held' }, { held: 1 })], 3],
  [[source({ status: 'failed' })], 70],
  [[source({ status: 'partial', error: { code: 'x', kind: 'auth', message: '', hint: '' } })], 3],
  [[source({ status: 'held', error: { code: 'x', kind: 'transient', message: '', hint: '' } }, { held: 1 })], 4],
] as const)('the exit status is the worst of the sources (%#)', (sources, status) => {
  expect(exitCodeOfReport(reportOf(...sources))).toBe(status)
})
