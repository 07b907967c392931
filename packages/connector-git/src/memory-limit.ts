import { totalmem } from 'node:os'

/** At least this much is allowed, in KiB: 1 GiB. */
const LEAST_KIB = 1_048_576

/**
 * A program that may take no more than half of this machine's memory for itself. A few objects can stand for a
 * thousand million paths, and git gathers all paths of a comparison before it says the first: without a limit, the
 * whole machine runs out of memory instead of this one git. Mapped files (packs) do not count. Where the system has
 * no such limits the program starts without one.
 */
export function memoryLimited(program: string, args: readonly string[]): { readonly program: string; readonly args: readonly string[] } {
  if (process.platform === 'win32') return { program, args }
  const limit = Math.max(LEAST_KIB, Math.floor(totalmem() / 2 / 1024))
  return { program: '/bin/sh', args: ['-c', `ulimit -d ${limit} 2>/dev/null; exec "$@"`, 'sh', program, ...args] }
}
