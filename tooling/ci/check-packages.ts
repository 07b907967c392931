import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { publint } from 'publint'

import { builtPackageProblems } from '../build/built-package.ts'

// `pnpm run check:packages`: every published package as npm would pack it: entry points exist, types and licences are
// in, nothing points at sources or at what is not installed.

const ROOT = join(import.meta.dirname, '..', '..')

interface Manifest {
  readonly name: string
  readonly private?: boolean
}

async function main(): Promise<number> {
  let problems = 0
  for (const manifest of globSync('{packages,apps}/*/package.json', { cwd: ROOT })) {
    const directory = join(ROOT, dirname(manifest))
    const { name, private: isPrivate } = JSON.parse(readFileSync(join(ROOT, manifest), 'utf8')) as Manifest
    if (isPrivate === true) continue
    const found = [...(await publintProblems(directory)), ...packedProblems(directory), ...builtPackageProblems(directory)]
    for (const problem of found) process.stderr.write(`${name}: ${problem}\n`)
    process.stdout.write(`${name}: ${found.length === 0 ? 'ok' : `${found.length} problems`}\n`)
    problems += found.length
  }
  return problems === 0 ? 0 : 1
}

async function publintProblems(directory: string): Promise<readonly string[]> {
  const { messages } = await publint({ pkgDir: directory, level: 'warning', pack: 'pnpm' })
  return messages.map((message) => `${message.code} ${JSON.stringify(message.args)} at ${message.path.join('.')}`)
}

/** What must and must not be in the archive. */
function packedProblems(directory: string): readonly string[] {
  const packed = spawnSync('pnpm', ['pack', '--dry-run', '--json'], { cwd: directory, encoding: 'utf8' })
  if (packed.status !== 0) return [`pnpm pack failed: ${packed.stderr}`]
  const { files } = JSON.parse(packed.stdout) as { readonly files: readonly { readonly path: string }[] }
  const paths = files.map((file) => file.path)
  const missing = ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts'].filter((path) => !paths.includes(path))
  const stray = paths.filter((path) => /(^|\/)(src|test|node_modules)\//.test(path) || path.endsWith('.test.js'))
  return [...missing.map((path) => `${path} is not in the package`), ...stray.map((path) => `${path} should not be in the package`)]
}

process.exitCode = await main()
