import type { Difference, SourceReport, SourceVerification } from '@qdrant-loader/core/pipeline'
import { expect, test } from 'vitest'
import { createPaint } from '../output/paint.ts'
import { emptySyncReport, emptyVerificationReport } from './empty-report.ts'
import { exitCodeOfVerification } from './exit-code-of-verification.ts'
import { renderVerification, renderVerificationAttention } from './render-verification.ts'

const equal = { checked: 120, missing: 0, orphaned: 0, different: 0 }

function source(change: Partial<SourceVerification> = {}): SourceVerification {
  return {
    project: 'default', source_type: 'git', source: 'docs', status: 'equal', documents: { checked: 40 }, points: equal,
    examples: [], repair: null, requests: { store: 3 }, duration_ms: 25, error: null, ...change,
  }
}

function repaired(sync: Partial<SourceReport>, left = { missing: 0, orphaned: 0, different: 0 }): SourceVerification['repair'] {
  const zero = emptySyncReport(false, false).totals
  const report: SourceReport = {
    ...zero, project: 'default', source_type: 'git', source: 'docs', status: 'succeeded', mode: 'incremental', duration_ms: 1, error: null, ...sync,
  }
  return { sync: report, left }
}

const reportOf = (...sources: SourceVerification[]) => ({ ...emptyVerificationReport(), status: 'equal' as const, sources })
const render = (report: ReturnType<typeof reportOf>, columns = 80) => renderVerification(report, { columns, paint: createPaint(false) })
const example = (kind: Difference['kind'], document_id: string | null, point_id = 'p'): Difference => ({ kind, document_id, point_id })

test('a row a source', async () => {
  expect(await render(reportOf(source(), source({ source: 'handbook', points: { ...equal, checked: 100_000 } })))).toBe(
    [
      'source        status  documents   points  missing  orphaned  different   time',
      'git/docs      equal          40      120        0         0          0  25 ms',
      'git/handbook  equal          40  100,000        0         0          0  25 ms',
      '',
    ].join('\n'),
  )
  expect(await render(reportOf())).toBe('No source is configured.\n')
})

test('what differs is told by document, with the rest as a number', async () => {
  const examples = [
    ...['a', 'b', 'b', 'c', 'd', 'e', 'f'].map((name) => example('missing', `${name}.md`)),
    example('orphaned', null, 'f4c1'),
    example('different', 'evil\u001b[2J.md'),
  ]
  const text = await render(reportOf(source({ status: 'different', points: { checked: 200, missing: 1_300, orphaned: 1, different: 1 }, examples })))
  expect(text).toContain(
    [
      'git/docs',
      '  missing    a.md',
      '  missing    b.md (2 points)',
      '  missing    c.md',
      '  missing    d.md',
      '  missing    e.md',
      '  missing    … and 1,294 more',
      '  orphaned   point f4c1',
      '  different  "evil\\u001b[2J.md"',
      '',
    ].join('\n'),
  )
})

test('what a repair did, and which points belong to no configured source, are told', async () => {
  const repair = repaired({ points: { upserted: 2, payload_updated: 1, deleted: 7 }, chunks: { embedded: 1, reused: 1, unfinished: 0 } })
  const report = {
    ...reportOf(source({ status: 'repaired', points: { ...equal, missing: 2 }, examples: [example('missing', 'a.md')], repair })),
    unconfigured: [{ project: 'team', source_type: 'git', source: 'old', points: 1_200 }],
  }
  const text = await render(report)
  expect(text).toContain('  repair     2 points written, 1 of them embedded\n  repair     1 payload set\n  repair     7 points removed\n')
  expect(text).toContain('Not configured here, and left alone (to remove one: qdrant-loader remove NAME):\n  team/git/old: 1,200 points\n')
  expect(renderVerificationAttention(report)).toBe('')
})

test('what needs attention is said with what to do', () => {
  const error = { code: 'lease_held', kind: 'transient', message: 'Another run is writing it.', hint: 'Wait until it is done.' } as const
  const text = renderVerificationAttention(
    reportOf(
      source({ source: 'a', status: 'failed', error }),
      source({ source: 'b', status: 'different', points: { checked: 9, missing: 1, orphaned: 0, different: 0 } }),
      source({ source: 'c', status: 'different', repair: repaired({ source: 'c', status: 'held' }, { missing: 0, orphaned: 60, different: 0 }) }),
    ),
  )
  expect(text).toContain('Error: git/a: Another run is writing it.\nTo fix it: Wait until it is done.\n(lease_held)')
  expect(text).toContain('git/b: 1 point of the collection differs from the state.\nTo fix it: qdrant-loader verify --repair')
  expect(text).toContain('git/c: after the repair 60 points still differ.\nTo fix it: ')
})

test.each([60, 80, 120])('it fits into %i columns', async (columns) => {
  const text = await render(reportOf(source({ project: 'team', source: 'handbook', status: 'different', points: { checked: 1_234_567, missing: 12_345, orphaned: 1, different: 0 } })), columns)
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
})

const failed = (code: string, kind: 'transient' | 'auth') => source({ status: 'failed', error: { code, kind, message: '', hint: '' } })

test.each([
  [[source()], 0],
  [[source({ status: 'repaired', repair: repaired({}) })], 0],
  [[source({ status: 'different' })], 5],
  [[failed('lease_held', 'transient')], 7],
  [[failed('lease_held', 'transient'), source({ status: 'different' })], 5],
  [[failed('store_unreachable', 'transient'), source({ status: 'different' })], 4],
  [[failed('store_unauthorized', 'auth'), failed('store_unreachable', 'transient')], 3],
  [[source({ status: 'different', repair: repaired({ status: 'held' }) })], 6],
  [[source({ status: 'repaired', repair: repaired({ status: 'partial' }) })], 5],
  [[source({ status: 'different', repair: repaired({ status: 'failed', error: { code: 'x', kind: 'transient', message: '', hint: '' } }) })], 4],
] as const)('the exit status is the worst of the sources (%#)', (sources, status) => {
  expect(exitCodeOfVerification(reportOf(...sources))).toBe(status)
})
