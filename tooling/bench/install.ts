import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { PackedPackages } from '../build/packed-packages.ts'
import { installedPackages, type InstalledPackage } from './installed-packages.ts'

// `pnpm bench:install`: packs all packages, installs them with npm as a user does, without what is for development, and
// prints what weighs what on disk. The bounds fail the command. Others' packages come from npm's cache or the registry.

const MEGABYTE = 1_000_000
/** Smaller ones are one line together, in bytes. */
const LEAST = 500_000

interface Installation {
  readonly title: string
  readonly packages: readonly string[]
  readonly mostMegabytes: number
}

const CLI = '@qdrant-loader/cli'
const CONNECTORS = ['git', 'public-docs', 'confluence', 'jira'].map((type) => `@qdrant-loader/connector-${type}`)
const INSTALLATIONS: readonly Installation[] = [
  ...CONNECTORS.map((connector) => ({ title: `the command and ${connector}`, packages: [CLI, connector], mostMegabytes: 90 })),
  { title: 'the command and all four connectors', packages: [CLI, ...CONNECTORS], mostMegabytes: 110 },
]

function main(): number {
  const folder = mkdtempSync(join(tmpdir(), 'qdrant-loader-install-'))
  try {
    const packed = PackedPackages.pack(folder)
    const all = INSTALLATIONS.map((installation, index) => {
      const directory = join(folder, `installation-${index}`)
      packed.install(directory, installation.packages)
      return { ...installation, installed: installedPackages(directory) }
    })
    const [whole] = all.slice(-1)
    if (whole !== undefined) printTable(whole.title, whole.installed)
    process.stdout.write('\n')
    return all.map(judge).every(Boolean) ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function printTable(title: string, installed: readonly InstalledPackage[]): void {
  const sorted = installed.toSorted((one, other) => other.bytes - one.bytes)
  const large = sorted.filter(({ bytes }) => bytes >= LEAST)
  const small = sorted.slice(large.length)
  process.stdout.write(`${title}\n\n`)
  const line = (bytes: number, files: number, name: string): void => void process.stdout.write(`${megabytes(bytes).padStart(8)} MB  ${String(files).padStart(5)} files  ${name}\n`)
  for (const { bytes, files, name, version } of large) line(bytes, files, `${name} ${version}`)
  line(sum(small, 'bytes'), sum(small, 'files'), `${small.length} smaller ones`)
  line(sum(installed, 'bytes'), sum(installed, 'files'), `${installed.length} packages together`)
}

/** What every installation has to be: light, without a compiler, and ready when npm has unpacked it. */
function judge({ title, mostMegabytes, installed }: Installation & { readonly installed: readonly InstalledPackage[] }): boolean {
  const bytes = sum(installed, 'bytes')
  const scripts = installed.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)
  const compilers = installed.map(({ name }) => name).filter((name) => ['typescript', 'node-gyp', 'prebuild-install'].includes(name))
  const faults = [
    ...(bytes > mostMegabytes * MEGABYTE ? ['too heavy'] : []),
    ...scripts.map((name) => `${name} runs a script when it is installed`),
    ...compilers.map((name) => `${name} is installed`),
  ]
  const verdict = faults.length === 0 ? 'pass' : `FAIL: ${faults.join('; ')}`
  process.stdout.write(`${title}: ${megabytes(bytes)} MB in ${installed.length} packages (at most ${mostMegabytes})  ${verdict}\n`)
  return faults.length === 0
}

function sum(packages: readonly InstalledPackage[], of: 'bytes' | 'files'): number {
  return packages.reduce((total, one) => total + one[of], 0)
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1)
}

process.exitCode = main()
