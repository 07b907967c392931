import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Command, runCommand } from './measure.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const RECORDER = pathToFileURL(join(import.meta.dirname, 'record-modules.mjs')).href

/** A file that a command loads. */
export interface LoadedModule {
  /** Relative to the repository; for a package of others, from its name on. Hashes of file names are left out. */
  readonly name: string
  readonly bytes: number
  /** Milliseconds of finding and reading it. */
  readonly loadMs: number
  /** Milliseconds of processor time in its code, evaluation included; 0 where nobody measured it. */
  readonly runMs: number
}

/** The files that a command of Node loads, in order; Node's own modules are left out. */
export async function loadedModules(command: Command): Promise<readonly LoadedModule[]> {
  const folder = mkdtempSync(join(tmpdir(), 'qdrant-loader-modules-'))
  const file = join(folder, 'modules.json')
  try {
    const env = { ...(command.env ?? process.env), BENCH_MODULES_FILE: file }
    await runCommand({ ...command, args: ['--import', RECORDER, ...command.args], env })
    const loaded = JSON.parse(readFileSync(file, 'utf8')) as readonly (readonly [url: string, ms: number])[]
    return loaded
      .filter(([url]) => url.startsWith('file:'))
      .map(([url, loadMs]) => ({ name: nameOf(url), bytes: statSync(fileURLToPath(url)).size, loadMs, runMs: 0 }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same, with the time that is spent in each: the mean of so many profiles. */
export async function profiledModules(command: Command, runs: number): Promise<readonly LoadedModule[]> {
  const modules = await loadedModules(command)
  const folder = mkdtempSync(join(tmpdir(), 'qdrant-loader-profiles-'))
  try {
    const args = ['--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${folder}`, ...command.args]
    for (let run = 0; run < runs; run++) await runCommand({ ...command, args })
    const profiles = existsSync(folder) ? readdirSync(folder).map((name) => readProfile(join(folder, name))) : []
    return modules.map((module) => ({ ...module, runMs: profiles.reduce((sum, profile) => sum + (profile.get(module.name) ?? 0), 0) / runs }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly url: string } }[]
  readonly samples: readonly number[]
  /** Microseconds. */
  readonly timeDeltas: readonly number[]
}

/** Milliseconds by module. */
function readProfile(file: string): ReadonlyMap<string, number> {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile
  const urls = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.url]))
  const times = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const name = nameOf(urls.get(id) ?? '')
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1_000)
  }
  return times
}

function nameOf(url: string): string {
  if (!url.startsWith('file:') && !url.startsWith('/')) return url
  const path = (url.startsWith('file:') ? fileURLToPath(url) : url).replaceAll('\\', '/')
  const ofOthers = path.lastIndexOf('/node_modules/')
  const name = ofOthers >= 0 ? path.slice(ofOthers + '/node_modules/'.length) : /\/((?:apps|packages)\/.*)$/.exec(path)?.[1] ?? path.replace(`${ROOT}/`, '')
  return name.replace(/-[\w-]{8}\.js$/, '.js')
}
