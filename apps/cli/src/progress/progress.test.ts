import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import type { ProgressEvent, SourceReport } from '@qdrant-loader/core/pipeline'
import { expect, test } from 'vitest'
import type { Log } from '../output/log.ts'
import { createPaint } from '../output/paint.ts'
import { emptySyncReport } from '../report/empty-report.ts'
import { createLiveProgress } from './live-progress.ts'
import { createLogProgress } from './log-progress.ts'
import { createProgressBoard } from './progress-board.ts'
import { renderProgress } from './render-progress.ts'

type Figures = Extract<ProgressEvent, { type: 'documents' }>

const ref = { project: 'default', sourceType: 'git', source: 'handbook' }
const paint = createPaint(false)
const documents = (done: number, total?: number, chunks: Partial<Figures['chunks']> = {}, inFlight: Partial<Figures['inFlight']> = {}): ProgressEvent => ({
  type: 'documents', ref, detected: 3_000, done,
  chunks: { detected: 0, done: 0, embedded: 0, ...chunks },
  inFlight: { embedding: 0, reading: 0, ...inFlight },
  ...(total === undefined ? {} : { total }),
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
  expect(lines(100)).toEqual(['git/handbook  ███████░░░░░░░░░░░░░ 1,000/3,000  500/s  4.0 s left'])
})

test('as long as the end is not known, what was seen is shown, without a time left', () => {
  const lines = play([[0, { type: 'source-started', ref, mode: 'full' }], [1_000, documents(10)]])
  expect(lines(100)).toEqual(['git/handbook  10 of 3,000 seen  10/s'])
})

test('a rate follows a server that slows down', () => {
  const lines = play([
    [0, { type: 'source-started', ref, mode: 'full' }],
    [1_000, documents(1_000)],
    [20_000, documents(1_000)],
    [21_000, documents(1_010)],
  ])
  // Ten more in twenty seconds.
  expect(lines(100)[0]).toContain('  0.5/s')
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

test('U4: chunks are counted when they have a vector, and the time left is that of the chunks', () => {
  const started: readonly [number, ProgressEvent] = [0, { type: 'source-started', ref, mode: 'full' }]
  const lines = play([started, [5_000, documents(10, 500, { detected: 100, done: 50, embedded: 50, expected: 1_050 }, { embedding: 50 })]])
  expect(lines(120)).toEqual(['git/handbook  █░░░░░░░░░░░░░░░░░░░ 10/500  50/~1,050 chunks  10/s  1 min 40 s left  50 at the embedder'])
})

test('U4: right after a resume the time left is not that of the documents that were done before', () => {
  const lines = play([
    [0, { type: 'source-started', ref, mode: 'full' }],
    [1_000, documents(900, 1_000)],
    [2_000, documents(900, 1_000, { detected: 200, done: 180, expected: 1_980 })],
    [4_000, documents(900, 1_000, { detected: 200, done: 200, embedded: 20, expected: 1_980 })],
  ])
  // 20 were embedded in 4 s, and 1,780 are left; what was read back says nothing of that.
  expect(lines(120)[0]).toContain('5.0/s  5 min 56 s left')
  const before = play([[0, { type: 'source-started', ref, mode: 'full' }], [2_000, documents(900, 1_000, { detected: 10, expected: 1_000 })]])
  expect(before(120)[0]).not.toContain('left')
})

test('U4: nothing waits while requests are under way, however long they take', () => {
  const embedding = play([[0, { type: 'source-started', ref, mode: 'full' }], [1_000, documents(0, undefined, { detected: 64 }, { embedding: 64 })]])
  expect(embedding(120, 31_000)).toEqual(['git/handbook  0 of 3,000 seen  0/~64 chunks  64 at the embedder'])
  const reading = play([[0, { type: 'source-started', ref, mode: 'full' }], [1_000, documents(0, undefined, {}, { reading: 8 })]])
  expect(reading(120, 31_000)).toEqual(['git/handbook  0 of 3,000 seen  reading 8'])
  const idle = play([[0, { type: 'source-started', ref, mode: 'full' }], [1_000, documents(0, undefined, { detected: 64, done: 64 })]])
  expect(idle(120, 31_000)[0]).toContain('waiting for 30 s')
})

test('a rate falls while nothing more comes, and is that of this run only', () => {
  const lines = play([[0, { type: 'source-started', ref, mode: 'full' }], [1_000, documents(100)], [2_000, documents(200)]])
  expect(lines(100, 2_000)[0]).toContain('  100/s')
  expect(lines(100, 21_000)[0]).toContain('  5.0/s')
})

test('U15: a terminal that gets narrower is erased by the rows that its folded lines take', async () => {
  const written: string[] = []
  const stream = Object.assign(new PassThrough(), { columns: 80, rows: 24, isTTY: false })
  stream.on('data', (data: Buffer) => written.push(data.toString()))
  let divert: ((line: string) => void) | undefined
  const log = { divert: (to: typeof divert) => void (divert = to) } as Log
  const progress = createLiveProgress({ stream, log, paint, now: () => 4_000 })
  progress.onProgress({ type: 'source-started', ref, mode: 'full' })
  progress.onProgress(documents(1_000, 3_000, { detected: 9_000, done: 4_000, expected: 27_000 }))
  await expect.poll(() => written.join('')).toContain('1,000/3,000')
  expect(written.join('').split('\n')[0]?.length).toBeGreaterThan(50)
  written.length = 0
  stream.columns = 50
  stream.emit('resize')
  await expect.poll(() => written.join('')).toContain('1,000/3,000')
  const redrawn = written.join('')
  // One row more than the display itself drew.
  expect(redrawn.startsWith('\u001B[2K\u001B[1A')).toBe(true)
  for (const line of redrawn.split('\n')) expect(stripVTControlCharacters(line).length).toBeLessThan(50)
  progress.close()
  expect(divert).toBeUndefined()
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
