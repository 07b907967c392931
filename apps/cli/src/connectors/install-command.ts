import { existsSync } from 'node:fs'
import path from 'node:path'

const BY_LOCKFILE: readonly (readonly [string, string])[] = [
  ['pnpm-lock.yaml', 'pnpm add'],
  ['yarn.lock', 'yarn add'],
  ['bun.lock', 'bun add'],
  ['package-lock.json', 'npm install'],
]

/** The command that installs a package, as the nearest lockfile at or above `folder` suggests; npm without one. */
export function installCommand(packageName: string, folder: string): string {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const found = BY_LOCKFILE.find(([lockfile]) => existsSync(path.join(current, lockfile)))
    if (found !== undefined) return `${found[1]} ${packageName}`
    if (path.dirname(current) === current) return `npm install ${packageName}`
  }
}
