import type { ProgressEvent, SourceReport } from '@qdrant-loader/core'
import { expect, test } from 'vitest'
import { createPaint } from '../output/paint.ts'
import { emptySyncReport } from '../report/empty-report.ts'
import { createLogProgress } from './log-progress.ts'
import { createProgressBoard } from './progress-board.ts'
import { renderProgress } from './render-progress.ts'

const ref = { project: 'default', sourceType: 'git', source: 'handbook' }
const paint = createPaint(false)
const documents = (done: number, total?: number): ProgressEvent => ({
  type: 'documents', ref, detected: 3_000, done, embedded: done * 2, ...(total === undefined ? {} : { total }),
})
const finished: ProgressEvent = {
  type: 'source-finished', ref,
  report: {
    ...emptySyncReport(false, false).totals, project: 'default', source_type: 'git', source: 'handbook',
    status: 'succeeded', mode: 'full', duration_ms: 4_200, error: null,
  } satisfies SourceReport,
}

function play(events: readonly (readonly [number, ProgressEvent])[]) {
  let clock = 0
  const board = createProgressBoard(() => clock)
  for (const [at, event] of events) {
    clock = at
    board.take(event)
  }
  return (columns: number, now = clock) => renderProgress(board.sources, columns, now, paint)
}

test('rate and time left are those of the last seconds', () => {
  const lines = play([[0, { type: 'source-started', ref, mode: 'full' }], [2_000, documents(1_000, 3_000)]])
  expect(lines(100)).toEqual(['git/handbook  ███████░░░░░░░░░░░░░ 1,000/3,000  500/s  4.0 s left  2,000 embedded'])
})

test('as long as the end is not known, what was seen is shown, without a time left', () => {
  const lines = play([[0, { type: 'source-started', ref, mode: 'full' }], [1_000, documents(10)]])
  expect(lines(100)).toEqual(['git/handbook  10 of 3,000 seen  10/s  20 embedded'])
})

test('a rate follows a server that slows down', () => {
  const lines = play([
    [0, { type: 'source-started', ref, mode: 'full' }],
    [1_000, documents(1_000)],
    [20_000, documents(1_000)],
    [22_000, documents(1_010)],
  ])
  expect(lines(100)[0]).toContain('  5.0/s')
})

test('a silence is shown as waiting, with what was going on', () => {
  const lines = play([[0, { type: 'source-started', ref, mode: 'full' }], [1, { type: 'activity', ref, text: 'fetching objects' }]])
  expect(lines(100, 31_001)).toEqual(['git/handbook  waiting for 31 s  fetching objects'])
})

test.each([40, 60, 80, 160])('no line is wider than %i columns', (columns) => {
  const long = { ...ref, project: 'a-project-with-a-long-name', source: 'a-source-with-an-even-longer-name' }
  const lines = play([
    [0, { type: 'source-started', ref: long, mode: 'full' }],
    [1_500, { ...documents(123_456, 999_999), ref: long } as ProgressEvent],
    [1_600, { type: 'activity', ref: long, text: 'waiting for the server, which asked for a pause of a minute' }],
    [1_700, { type: 'source-started', ref, mode: 'full' }],
    [4_200, finished],
  ])
  for (const line of lines(columns)) expect(line.length).toBeLessThanOrEqual(columns)
  expect(lines(columns)[1]).toContain('succeeded in 4.2 s')
})

test('where nobody watches, progress is a line every 15 seconds', () => {
  const messages: string[] = []
  const note = (message: string) => void messages.push(message)
  let clock = 0
  const progress = createLogProgress({ debug: note, info: note, warn: note, error: note }, () => clock)
  progress.onProgress({ type: 'source-started', ref, mode: 'full' })
  for (clock = 0; clock <= 40_000; clock += 1_000) progress.onProgress(documents(clock))
  progress.onProgress(finished)
  expect(messages).toEqual(['sync goes on', 'sync goes on'])
})
