import { Writable } from 'node:stream'
import { createStandardOutput } from '../../src/output/standard-output.ts'
import { run } from '../../src/run.ts'
import { createUserWorld } from '../e2e/user-world.ts'
import type { UserWorld } from '../e2e/user-world.ts'

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** What a command is started with, beside its words. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** The clock; default: that of the machine. */
  readonly now?: () => number
  readonly signal?: AbortSignal
  /** The person at the terminal; default: nobody. */
  readonly ask?: (question: string) => Promise<string>
}

/** Everything that a report of a sync, a plan, `status` and the like may be asked for by these tests. */
// oxlint-disable-next-line typescript/no-explicit-any -- reports are matched, not typed
export type Report = any

/** A user whose commands run in this process: the whole program, without the start of a process. */
export interface EffectsWorld extends Omit<UserWorld, 'run' | 'start' | 'exported'> {
  /** Runs a command to its end. */
  run(words: readonly string[], surroundings?: Surroundings): Promise<Ended>
  /** The same with `--json`; the object that is printed, with the exit status as `code`. */
  json(words: readonly string[], surroundings?: Surroundings): Promise<Report>
  /** What `export` prints, read. */
  points(words?: readonly string[], surroundings?: Surroundings): Promise<readonly Point[]>
  /** Ids of the documents in the collection, sorted. */
  documents(words?: readonly string[], surroundings?: Surroundings): Promise<readonly string[]>
}

/** A line of `export`. */
export interface Point {
  readonly vector?: readonly number[]
  readonly payload: Readonly<Record<'document_id' | 'content' | 'project_id' | 'source' | 'url', string>>
}

/** Makes the world; see {@link createUserWorld}. */
export function createEffectsWorld(): EffectsWorld {
  const { run: _run, start: _start, exported: _exported, ...user } = createUserWorld()
  const world: EffectsWorld = {
    ...user,
    run: (words, surroundings = {}) => runHere(words, user.folder, surroundings),
    async json(words, surroundings) {
      const { code, stdout, stderr } = await world.run([...words, '--json'], surroundings)
      try {
        return { ...(JSON.parse(stdout) as object), code }
      } catch (cause) {
        throw new Error(`no JSON object from ${words.join(' ')}: ${stdout}${stderr}`, { cause })
      }
    },
    async points(words = [], surroundings) {
      const { code, stdout, stderr } = await world.run(['export', ...words], surroundings)
      if (code !== 0) throw new Error(`export ended with ${code}: ${stderr}`)
      return stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Point)
    },
    async documents(words, surroundings) {
      const points = await world.points(words, surroundings)
      return [...new Set(points.map(({ payload }) => payload.document_id))].sort()
    },
  }
  return world
}

async function runHere(words: readonly string[], folder: string, { env, cwd, now, signal, ask }: Surroundings): Promise<Ended> {
  const printed = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof printed) =>
    createStandardOutput(
      new Writable({
        write(text: Buffer, _encoding, done) {
          printed[name] += text.toString()
          done()
        },
      }),
      (error) => {
        throw error
      },
    )
  const [stdout, stderr] = [stream('stdout'), stream('stderr')]
  const code = await run({
    host: {
      argv: words,
      env: { PATH: process.env['PATH'], NODE_OPTIONS: process.env['NODE_OPTIONS'], HOME: `${folder}/home`, ...env },
      cwd: cwd ?? folder,
      now: now ?? Date.now,
      ...(ask !== undefined && { ask }),
    },
    stdout,
    stderr,
    signal: signal ?? new AbortController().signal,
  })
  await Promise.all([stdout.flush(), stderr.flush()])
  return { code, ...printed }
}
