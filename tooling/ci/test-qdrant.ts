import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

// Runs what speaks to a real Qdrant server: the contract suite of the stores and the end-to-end tests, which take the
// server from the environment. Collections get names of their own and are deleted at the end.

const ROOT = join(import.meta.dirname, '..', '..')
const USAGE = `Set QDRANT_URL to a Qdrant server of version 1.15 or newer, and QDRANT_API_KEY if it needs one:

  docker run --rm -p 6333:6333 qdrant/qdrant
  QDRANT_URL=http://localhost:6333 pnpm test:qdrant
`
const PATTERNS = [
  'packages/*/{src,test}/**/*.qdrant.test.ts',
  'apps/*/{src,test}/**/*.qdrant.test.ts',
]

function main(): number {
  if ((process.env['QDRANT_URL'] ?? '') === '') {
    process.stderr.write(USAGE)
    return 2
  }
  const build = spawnSync(process.execPath, [join(ROOT, 'node_modules/turbo/bin/turbo'), 'run', 'build', '--output-logs=errors-only'], { cwd: ROOT, stdio: 'inherit' })
  if (build.status !== 0) return build.status ?? 1
  const exclude = (name: string): boolean => name.includes('node_modules')
  const files = PATTERNS.flatMap((pattern) => globSync(pattern, { cwd: ROOT, exclude }))
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...new Set(files)], { cwd: ROOT, stdio: 'inherit' })
  return status ?? 1
}

process.exitCode = main()
