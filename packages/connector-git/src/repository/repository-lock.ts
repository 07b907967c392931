import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { abortableSleep } from '@qdrant-loader/connector-sdk'
import { gitError } from '../codes.ts'

interface Holder {
  readonly pid: number
  readonly host: string
  /** Changes with each start of the machine, where the system tells. */
  readonly boot: string
  /** When the process started, in the system's own count; a later process may get the same id. */
  readonly started: string
}

/** A lock that is held. `inherited`: its last holder died with it, so that what it did may be half done. */
export interface RepositoryLock extends AsyncDisposable {
  readonly inherited: boolean
}

const POLL_MS = 50
/** A first fetch of a large repository may take long; a day is no fetch any more. */
const PATIENCE_MS = 24 * 60 * 60_000
/** How often a wait is said, in milliseconds. */
const SAY_EVERY = 1_000

/**
 * Takes the lock file of a kept repository, which all sources and processes that use the repository share. The lock
 * of a dead process of this machine is replaced at once. `onWait` is told that a living one holds it, now and then.
 *
 * @throws LoaderError when a living one keeps it for a day.
 */
export async function lockRepository(file: string, signal: AbortSignal, onWait: () => void): Promise<RepositoryLock> {
  await mkdir(dirname(file), { recursive: true })
  const own = JSON.stringify(await describe(process.pid))
  let inherited = false
  for (let waited = 0; waited <= PATIENCE_MS; waited += POLL_MS) {
    signal.throwIfAborted()
    if (await create(file, own)) {
      return { inherited, [Symbol.asyncDispose]: () => rm(file, { force: true }) }
    }
    const held = await readFile(file, 'utf8').catch(() => undefined)
    if (held !== undefined && held !== '' && !(await isAlive(held))) {
      inherited = (await takeAway(file, held)) || inherited
      continue
    }
    if (waited % SAY_EVERY === SAY_EVERY - POLL_MS) onWait()
    await abortableSleep(POLL_MS, signal)
  }
  throw gitError('git_copy_busy', { file })
}

/** Written whole under another name first, so that nobody ever reads half a lock. */
async function create(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`
  const handle = await open(draft, 'wx')
  try {
    await handle.writeFile(content)
  } finally {
    await handle.close()
  }
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Removes a dead holder's lock, unless another process was faster and the file is a new one by now. */
async function takeAway(file: string, dead: string): Promise<boolean> {
  const aside = `${file}.${randomUUID()}`
  try {
    await rename(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  const taken = (await readFile(aside, 'utf8')) === dead
  if (!taken) await link(aside, file).catch(() => undefined)
  await rm(aside, { force: true })
  return taken
}

async function isAlive(content: string): Promise<boolean> {
  let holder: Partial<Holder>
  try {
    holder = JSON.parse(content) as Partial<Holder>
  } catch {
    return false
  }
  if (typeof holder.pid !== 'number') return false
  if (holder.host !== hostname()) return true
  const now = await describe(holder.pid)
  if (now.boot !== holder.boot || now.started !== holder.started) return false
  try {
    process.kill(holder.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function describe(pid: number): Promise<Holder> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The command's name, in parentheses, may hold spaces; the start time is the 20th field after it (proc(5)).
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  return { pid, host: hostname(), boot: boot.trim(), started }
}
