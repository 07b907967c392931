/** What git may take in any case, in KiB: 512 MiB. A walk over a million commits stays below. */
const BASE_KIB = 524_288
/** What git may take for each file that a source may have, in KiB. */
const PER_FILE_KIB = 1

/**
 * A program that may take so much memory for itself as a repository of `maxFiles` files needs. A few objects can stand
 * for a thousand million paths, and git gathers all paths of a comparison before it says the first: without a limit,
 * the whole machine runs out of memory instead of this one git. Mapped files (packs) do not count. Where the system has
 * no such limits the program starts without one.
 */
export function memoryLimited(program: string, args: readonly string[], maxFiles: number): { readonly program: string; readonly args: readonly string[] } {
  if (process.platform === 'win32') return { program, args }
  const limit = BASE_KIB + maxFiles * PER_FILE_KIB
  return { program: '/bin/sh', args: ['-c', `ulimit -d ${limit} 2>/dev/null; exec "$@"`, 'sh', program, ...args] }
}
