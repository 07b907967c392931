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

test('a batch that takes longer than the window still has a rate', () => {
  const lines = play([[0, { type: 'source-started', ref, mode: 'full' }], [20_000, documents(100)], [40_000, documents(200)]])
  expect(lines(100)[0]).toContain('  5.0/s')
})

test('what a connector or a name says cannot draw on the terminal', () => {
  const lines = play([[0, { type: 'source-started', ref, mode: 'full' }], [1, { type: 'activity', ref, text: 'reading \u001b[2J\nx' }]])
  expect(lines(100)).toEqual(['git/handbook  reading \\u001b[2J\\nx'])
})

test('while the embedder takes texts nothing waits, and what the connector did is over', () => {
  let clock = 0
  const board = createProgressBoard(() => clock)
  board.take({ type: 'source-started', ref, mode: 'full' })
  board.take({ type: 'activity', ref, text: 'reading history' })
  clock = 20_000
  board.takeEmbedded(250)
  expect(renderProgress(board.sources, 100, clock, paint)).toEqual(['git/handbook  250 embedded'])
  clock = 30_000
  board.takeEmbedded(250)
  expect(renderProgress(board.sources, 100, clock, paint)).toEqual(['git/handbook  waiting for 10 s  250 embedded'])
})

test('with several sources the texts of the embedder are counted for none', () => {
  const board = createProgressBoard(() => 0)
  board.take({ type: 'source-started', ref, mode: 'full' })
  board.take({ type: 'source-started', ref: { ...ref, source: 'other' }, mode: 'full' })
  board.takeEmbedded(250)
  expect(board.sources.map(({ embedded }) => embedded)).toEqual([0, 0])
})

test('where nobody watches, progress is a line after 2 seconds and then every 15, also when nothing is heard', () => {
  const said: unknown[] = []
  let clock = 0
  let look = (): void => {}
  const progress = createLogProgress({
    doing: 'sync',
    report: (message, fields) => void said.push([clock, message, fields?.['activity'], fields?.['done']]),
    now: () => clock,
    repeat: (each) => {
      look = each
      return () => void (look = () => {})
    },
  })
  const until = (end: number): void => {
    for (; clock <= end; clock += 1_000) look()
  }
  progress.onProgress({ type: 'source-started', ref, mode: 'full' })
  progress.onProgress({ type: 'activity', ref, text: 'cloning' })
  until(10_000)
  progress.onProgress(documents(500))
  until(40_000)
  progress.onProgress(finished)
  until(80_000)
  progress.close()
  expect(said).toEqual([
    [2_000, 'sync goes on', 'cloning', 0],
    [17_000, 'sync goes on', undefined, 500],
    [32_000, 'sync goes on', undefined, 500],
  ])
})
