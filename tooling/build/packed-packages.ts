import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')

/** The environment without what pnpm, npm and test runners set for their children. */
export const PLAIN_ENV = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS' && !/^(npm|pnpm)_/i.test(name)))

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
    run(directory, 'npm', ['install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'])
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
