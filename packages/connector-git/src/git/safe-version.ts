import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gitError } from '../codes.ts'
import type { Git } from './git-process.ts'

/** `--diff-merges`, `GIT_CONFIG_COUNT` and `fetch --stdin` are there from this one on, whatever a distribution mended. */
const OLDEST = { major: 2, minor: 31 }
/**
 * The first patch of each series that reads the repository of somebody else without doing what its configuration
 * says (CVE-2024-32004 and CVE-2024-32465, https://github.com/git/git/blob/v2.45.1/Documentation/RelNotes/2.39.4.txt).
 */
const SAFE_PATCH: Readonly<Record<number, number>> = { 39: 4, 40: 2, 41: 1, 42: 2, 43: 4, 44: 1, 45: 1 }
const NEWEST_SERIES = 45

/** What was found for each program, so that it is asked once a process. */
const checked = new Map<string, Promise<string>>()

/** Begins to ask for git's version, beside other work: {@link requireSafeGit} waits for the answer. */
export function askVersion(git: Git): void {
  void answerOf(git).catch(() => undefined)
}

/**
 * Returns git's version. Distributions mend old versions without another number, so one that looks too old is tried:
 * the mended ones know the variable that came with the repair.
 *
 * @throws LoaderError `git_too_old` for a git that is not safe, or that lacks what this connector uses.
 */
export async function requireSafeGit(git: Git, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([answerOf(git), aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Several sources wait for one answer, so nobody's signal ends the asking. */
function answerOf(git: Git): Promise<string> {
  const known = checked.get(git.program)
  if (known !== undefined) return known
  const asked = check(git, new AbortController().signal)
  checked.set(git.program, asked)
  asked.catch(() => checked.delete(git.program))
  return asked
}

async function check(git: Git, signal: AbortSignal): Promise<string> {
  const said = (await git.run(['version'], signal)).toString('utf8').trim()
  const [version = said, major = '0', minor = '0', patch = '0'] = /(?<!\d)(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?\S*/.exec(said) ?? []
  if (isSafe(Number(major), Number(minor), Number(patch))) return version
  const usable = Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor
  if (usable && (await isMended(git, signal))) return `${version} (mended by its distribution)`
  throw gitError('git_too_old', { version: said })
}

/** Whether a version of this number is safe wherever it comes from. */
export function isSafe(major: number, minor: number, patch: number): boolean {
  if (major !== OLDEST.major) return major > OLDEST.major
  if (minor > NEWEST_SERIES) return true
  const first = SAFE_PATCH[minor]
  return first !== undefined && patch >= first
}

/** Asks for a missing object in a repository that would fetch it: with the repair, git says that it must not. */
async function isMended(git: Git, signal: AbortSignal): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'qdrant-loader-git-'))
  try {
    await git.run(['init', '--quiet', '--bare', '--template=', '--', folder], signal)
    const promisor = ['-c', 'remote.none.promisor=true', '-c', `remote.none.url=${join(folder, 'none')}`]
    const asking = git.at(folder).with({ GIT_NO_LAZY_FETCH: '1' })
    const said = await asking.talk([...promisor, 'cat-file', '-e', '1'.repeat(40)], signal).then(
      ({ stderr }) => stderr,
      (error: unknown) => String(error),
    )
    return said.includes('lazy fetching disabled')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
