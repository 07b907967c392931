import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')

/** The environment without what pnpm, npm and test runners set for their children. */
export const PLAIN_ENV = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS' && !/^(npm|pnpm)_/i.test(name)))

const QUIETLY = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']

type Dependencies = Readonly<Record<string, string>>

interface Manifest {
  readonly dependencies?: Dependencies
  readonly devDependencies?: Dependencies
}

/** The packages as they would be published, installed by npm as a user does. They must have been built. */
export class PackedPackages {
  readonly #tarballs: ReadonlyMap<string, string>

  private constructor(tarballs: ReadonlyMap<string, string>) {
    this.#tarballs = tarballs
  }

  /** Packs all of them into a folder. */
  static pack(folder: string): PackedPackages {
    const tarballs = new Map<string, string>()
    for (const manifest of globSync('{packages,apps}/*/package.json', { cwd: ROOT })) {
      const { name, private: isPrivate } = JSON.parse(readFileSync(join(ROOT, manifest), 'utf8')) as { name: string; private?: boolean }
      if (isPrivate === true) continue
      const packed = run(join(ROOT, dirname(manifest)), 'pnpm', ['pack', '--json', '--pack-destination', folder])
      tarballs.set(name, resolve(folder, (JSON.parse(packed) as { readonly filename: string }).filename))
    }
    return new PackedPackages(tarballs)
  }

  /** Ours come from the archives, wherever in the tree they are needed; those of others from npm's cache or the registry. */
  install(directory: string, ours: readonly string[], others: Readonly<Record<string, string>> = {}): void {
    mkdirSync(directory, { recursive: true })
    const dependencies = { ...Object.fromEntries(ours.map((name) => [name, this.#tarball(name)])), ...others }
    const overrides = Object.fromEntries([...this.#tarballs.keys()].filter((name) => !ours.includes(name)).map((name) => [name, this.#tarball(name)]))
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies, overrides }))
    run(directory, 'npm', ['install', '--omit=dev', ...QUIETLY])
  }

  /** Installs what a package of somebody else names, for its development too: ours come from the archives. */
  installFor(directory: string): void {
    const file = join(directory, 'package.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
    const ours = (named: Dependencies = {}) => Object.fromEntries(Object.entries(named).map(([name, range]) => [name, this.#tarballs.has(name) ? this.#tarball(name) : range]))
    const [dependencies, devDependencies] = [ours(manifest.dependencies), ours(manifest.devDependencies)]
    const others = [...this.#tarballs.keys()].filter((name) => !(name in dependencies) && !(name in devDependencies))
    const overrides = Object.fromEntries(others.map((name) => [name, this.#tarball(name)]))
    writeFileSync(file, JSON.stringify({ ...manifest, dependencies, devDependencies, overrides }))
    run(directory, 'npm', ['install', ...QUIETLY])
  }

  #tarball(name: string): string {
    const file = this.#tarballs.get(name)
    if (file === undefined) throw new Error(`${name} was not packed`)
    return `file:${file}`
  }
}

function run(cwd: string, program: string, args: readonly string[]): string {
  return execFileSync(program, args, { cwd, env: PLAIN_ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
