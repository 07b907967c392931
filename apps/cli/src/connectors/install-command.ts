import { existsSync } from 'node:fs'
import path from 'node:path'

const BY_LOCKFILE: readonly (readonly [string, string])[] = [
  ['pnpm-lock.yaml', 'pnpm add'],
  ['yarn.lock', 'yarn add'],
  ['bun.lock', 'bun add'],
  ['package-lock.json', 'npm install'],
]

/** The command that installs packages, as the nearest lockfile at or above `folder` suggests; npm without one. */
export function installCommand(packages: readonly string[], folder: string): string {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const found = BY_LOCKFILE.find(([lockfile]) => existsSync(path.join(current, lockfile)))
    if (found !== undefined) return `${found[1]} ${packages.join(' ')}`
    if (path.dirname(current) === current) return `npm install ${packages.join(' ')}`
  }
}
