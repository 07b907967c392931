import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package in a `node_modules`. */
export interface InstalledPackage {
  readonly name: string
  readonly version: string
  /** On disk, as `du` counts: whole blocks; packages below it not included. */
  readonly bytes: number
  readonly files: number
  readonly hasInstallScript: boolean
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly hasInstallScript?: boolean }>>
}

/** What npm has installed in a folder, each package with its own weight. */
export function installedPackages(directory: string): readonly InstalledPackage[] {
  const lock = JSON.parse(readFileSync(join(directory, 'node_modules', '.package-lock.json'), 'utf8')) as Lock
  return Object.entries(lock.packages).map(([place, { version = '', hasInstallScript = false }]) => ({
    name: place.replace(/^.*node_modules\//, ''),
    version,
    hasInstallScript,
    ...weigh(join(directory, place)),
  }))
}

function weigh(folder: string): { readonly bytes: number; readonly files: number } {
  let bytes = lstatSync(folder).blocks * 512
  let files = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue
    const place = join(folder, entry.name)
    const below = entry.isDirectory() ? weigh(place) : { bytes: lstatSync(place).blocks * 512, files: 1 }
    bytes += below.bytes
    files += below.files
  }
  return { bytes, files }
}
