import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { problemAffectsResolutionKind } from '@arethetypeswrong/core/problems'
import { publint } from 'publint'

import { builtPackageProblems } from '../build/built-package.ts'

// `pnpm run check:packages`: every published package as npm would pack it: entry points exist, types and licences are
// in and resolve, nothing points at sources or at what is not installed.

const ROOT = join(import.meta.dirname, '..', '..')
/** Packages are modules for Node 22 and bundlers; what `require` of an older Node makes of them does not count. */
const RESOLUTIONS = ['node16-esm', 'bundler'] as const

interface Manifest {
  readonly name: string
  readonly private?: boolean
}

/** A packed package. */
interface Archive {
  readonly data: Uint8Array<ArrayBuffer>
  /** Paths inside. */
  readonly files: readonly string[]
}

async function main(): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'packed-'))
  let problems = 0
  try {
    for (const manifest of globSync('{packages,apps}/*/package.json', { cwd: ROOT })) {
      const directory = join(ROOT, dirname(manifest))
      const { name, private: isPrivate } = JSON.parse(readFileSync(join(ROOT, manifest), 'utf8')) as Manifest
      if (isPrivate === true) continue
      const archive = packed(directory, scratch)
      const found = [...(await publintProblems(archive)), ...fileProblems(archive), ...(await typesProblems(archive)), ...builtPackageProblems(directory)]
      for (const problem of found) process.stderr.write(`${name}: ${problem}\n`)
      process.stdout.write(`${name}: ${found.length === 0 ? 'ok' : `${found.length} problems`}\n`)
      problems += found.length
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return problems === 0 ? 0 : 1
}

function packed(directory: string, scratch: string): Archive {
  const { status, stdout, stderr } = spawnSync('pnpm', ['pack', '--json', '--pack-destination', scratch], { cwd: directory, encoding: 'utf8' })
  if (status !== 0) throw new Error(`pnpm pack in ${directory} failed: ${stderr}`)
  const { filename, files } = JSON.parse(stdout) as { readonly filename: string; readonly files: readonly { readonly path: string }[] }
  return { data: new Uint8Array(readFileSync(filename)), files: files.map((file) => file.path) }
}

async function publintProblems({ data }: Archive): Promise<readonly string[]> {
  const { messages } = await publint({ level: 'warning', pack: { tarball: data.buffer } })
  return messages.map((message) => `${message.code} ${JSON.stringify(message.args)} at ${message.path.join('.')}`)
}

/** Whether a program that imports the package, or a subpath of it, gets the types of what it runs. */
async function typesProblems({ data }: Archive): Promise<readonly string[]> {
  const analysis = await checkPackage(createPackageFromTarballData(data))
  if (analysis.types === false) return ['there are no types']
  return analysis.problems.filter((problem) => RESOLUTIONS.some((kind) => problemAffectsResolutionKind(problem, kind, analysis))).map((problem) => `types: ${JSON.stringify(problem)}`)
}

/** What must and must not be in the archive. */
function fileProblems({ files }: Archive): readonly string[] {
  const missing = ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts'].filter((path) => !files.includes(path))
  const stray = files.filter((path) => /(^|\/)(src|test|node_modules)\//.test(path) || path.endsWith('.test.js'))
  return [...missing.map((path) => `${path} is not in the package`), ...stray.map((path) => `${path} should not be in the package`)]
}

process.exitCode = await main()
