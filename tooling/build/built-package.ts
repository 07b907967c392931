import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { LICENSES_FILE } from './third-party-licenses.ts'

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** What is wrong with the `dist` of a package: types that nobody can resolve, and parts of others without their licence. */
export function builtPackageProblems(directory: string): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest
  return [...typeProblems(directory, manifest), ...licenseProblems(directory)]
}

/** Types may refer to what is installed with the package, and to nothing that was only there when it was built. */
function typeProblems(directory: string, { name, dependencies, peerDependencies }: Manifest): readonly string[] {
  const installed = new Set([name, ...Object.keys({ ...dependencies, ...peerDependencies })])
  const hasTypes = (other: string): boolean => installed.has(other) || installed.has(`@types/${other}`)
  return globSync('dist/**/*.d.ts', { cwd: directory }).flatMap((file) => {
    const text = readFileSync(join(directory, file), 'utf8')
    const referred = [...text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*(["'])([^"'.][^"']*)\1/g)].map(([, , specifier = '']) => specifier)
    const missing = referred.filter((specifier) => !specifier.startsWith('node:') && !hasTypes(packageName(specifier)))
    return [...new Set(missing)].map((specifier) => `${file} refers to ${specifier}, which is not installed with the package`)
  })
}

/** The source maps tell, whatever the build said, of which packages there are parts. */
function licenseProblems(directory: string): readonly string[] {
  const sources = globSync('dist/**/*.map', { cwd: directory }).flatMap((file) => {
    const map = JSON.parse(readFileSync(join(directory, file), 'utf8')) as { readonly sources: readonly string[] }
    return map.sources
  })
  const bundled = new Set(sources.flatMap((source) => (source.includes('node_modules/') ? packageName(source.replace(/^.*node_modules\//, '')) : [])))
  const [licenses] = globSync(join('dist', LICENSES_FILE), { cwd: directory })
  const text = licenses === undefined ? '' : readFileSync(join(directory, licenses), 'utf8')
  return [...bundled].filter((name) => !text.includes(`\n${name} `)).map((name) => `dist holds parts of ${name}, and dist/${LICENSES_FILE} does not hold its licence`)
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
