import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rolldown } from 'tsdown'

/** Where the licences of what was built in are, in `dist`. */
export const LICENSES_FILE = 'THIRD-PARTY-LICENSES.txt'

const RULE = '-'.repeat(80)
const HEADING = 'Parts of the packages below are built into this one. Their licences:'

interface BundledPackage {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly text: string
}

/** Writes {@link LICENSES_FILE} when a build takes in modules of others; fails when one of them names no licence text. */
export function thirdPartyLicenses(): Rolldown.Plugin {
  return {
    name: 'third-party-licenses',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? output.moduleIds : []))
      const packages = new Map(modules.flatMap((id) => packageFolder(id) ?? []).map((folder) => [folder, readPackage(folder)]))
      if (packages.size === 0) return
      this.emitFile({ type: 'asset', fileName: LICENSES_FILE, source: licensesText([...packages.values()]) })
    },
  }
}

/** `…/node_modules/NAME` of a module of another package. */
function packageFolder(moduleId: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(moduleId)?.[0]
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Partial<BundledPackage>
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)([-.]\w+)*$/i.test(entry))
  if (name === undefined || version === undefined || license === undefined || file === undefined) {
    throw new Error(`${folder} says no name, version and licence, or holds no licence text: it cannot be built in`)
  }
  return { name, version, license, text: readFileSync(join(folder, file), 'utf8').trim() }
}

function licensesText(packages: readonly BundledPackage[]): string {
  const sorted = packages.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  return [HEADING, ...sorted.map(({ name, version, license, text }) => `${RULE}\n${name} ${version} (${license})\n\n${text}`)].join('\n\n').concat('\n')
}
