import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'

// `pnpm run api`: writes `report.api.md` of every published package, from the built declarations: what others can
// import, and every type that it leads to, so that a change of either is seen in a diff. `--check` writes nothing and
// fails where a report differs; `.ci/run` does that. Both fail where an exported name has no TSDoc.

const ROOT = join(import.meta.dirname, '..', '..')
const REPORT = 'report.api.md'
/** Stands in `dist` while the report of a package with subpaths is made: all that it exports. */
const WHOLE = 'api-report-input.d.ts'
/** Written before what has no TSDoc of its own. */
const UNDOCUMENTED = /^\/\/ @public \(undocumented\)\nexport (?:declare |default |abstract )*\w+ (\w+)/gm

/** A package as it is published. */
interface PublishedPackage {
  readonly name: string
  /** Absolute. */
  readonly folder: string
  /** Files of declarations in `dist`, by what follows the name of the package. */
  readonly entries: ReadonlyMap<string, string>
}

function main(check: boolean): number {
  const packages = publishedPackages()
  const scratch = mkdtempSync(join(tmpdir(), 'api-reports-'))
  const problems: string[] = []
  try {
    for (const { folder, entries } of packages) {
      if (entries.size > 1) writeFileSync(join(folder, 'dist', WHOLE), [...entries.values()].map((file) => `export * from './${file.replace(/\.d\.ts$/, '.js')}'\n`).join(''))
    }
    for (const published of packages) {
      const file = join(published.folder, REPORT)
      const found = extracted(published, packages, scratch)
      problems.push(...undocumented(found).map((name) => `${published.name}: ${name} is exported and has no TSDoc`))
      const report = `# Public API of ${published.name}\n\nMade by \`pnpm run api\` from the built declarations; not edited by hand.\n${subpathsOf(published)}\n${withoutMarks(found)}`
      if (textOf(file) === report) continue
      const shown = relative(ROOT, file)
      if (check) problems.push(`${shown} does not show the public API as it is built. If the change is meant: pnpm run api, and commit the report with it.`)
      else {
        writeFileSync(file, report)
        process.stdout.write(`${shown}: written\n`)
      }
    }
  } finally {
    for (const { folder } of packages) rmSync(join(folder, 'dist', WHOLE), { force: true })
    rmSync(scratch, { recursive: true, force: true })
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  return problems.length === 0 ? 0 : 1
}

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, string | { readonly types?: string }>>
}

function publishedPackages(): readonly PublishedPackage[] {
  return globSync('{packages,apps}/*/package.json', { cwd: ROOT })
    .toSorted()
    .map((manifest) => ({ folder: join(ROOT, dirname(manifest)), ...(JSON.parse(readFileSync(join(ROOT, manifest), 'utf8')) as Manifest) }))
    .filter(({ private: isPrivate }) => isPrivate !== true)
    .map(({ name, folder, exports }) => ({ name, folder, entries: declarationsOf(exports) }))
}

function declarationsOf(exports: Manifest['exports']): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(exports).flatMap(([subpath, target]): readonly (readonly [string, string])[] => {
      const types = typeof target === 'string' ? undefined : target.types
      return types === undefined ? [] : [[subpath.slice(1), types.slice('./dist/'.length)]]
    }),
  )
}

/** Where each name can be imported from, when there is more than one place. */
function subpathsOf({ name, folder, entries }: PublishedPackage): string {
  if (entries.size === 1) return ''
  const places = new Map<string, string[]>()
  for (const [subpath, file] of entries) {
    for (const exported of exportedNames(readFileSync(join(folder, 'dist', file), 'utf8'))) places.set(exported, [...(places.get(exported) ?? []), `\`${name}${subpath}\``])
  }
  return `\n${[...places].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([exported, from]) => `- ${exported}: ${from.join(', ')}\n`).join('')}`
}

/** A bundled file of declarations ends with the list of what it exports. */
function exportedNames(text: string): readonly string[] {
  const list = /^export \{([^}]*)\};$/m.exec(text)?.[1] ?? ''
  return list.split(',').flatMap((part) => part.trim().replace(/^type /, '').split(' as ').at(-1) ?? []).filter((word) => word !== '')
}

function undocumented(declarations: string): readonly string[] {
  const names = new Set([...declarations.matchAll(UNDOCUMENTED)].flatMap(([, name]) => name ?? []))
  // A schema and its type have one name, and one comment.
  return [...names].filter((name) => !new RegExp(`^// @public\n(?:export )?(?:const|type) ${name}\\b`, 'm').test(declarations))
}

/** Whether something has a comment is no part of what it is. */
function withoutMarks(declarations: string): string {
  return declarations.replace(/^ *\/\/ (?:@public(?: \(undocumented\))?|\(undocumented\)|\(No @packageDocumentation.*\))\n+/gm, '')
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** The declarations in the order of their names, without their comments. */
function extracted({ name, folder, entries }: PublishedPackage, packages: readonly PublishedPackage[], scratch: string): string {
  const config = extractorConfig(folder, entries, scratch)
  program ??= CompilerState.create(config, { additionalEntryPoints: packages.map((one) => inputOf(one.folder, one.entries)) })
  const errors: string[] = []
  Extractor.invoke(config, {
    localBuild: true,
    compilerState: program,
    messageCallback: (message) => {
      message.handled = true
      if (message.logLevel === ExtractorLogLevel.Error) errors.push(message.text)
    },
  })
  if (errors.length > 0) throw new Error(`${name}: ${errors.join('\n')}`)
  const report = readFileSync(join(scratch, REPORT), 'utf8')
  return report.slice(report.indexOf('```ts'))
}

/** All packages are read at once. */
let program: CompilerState | undefined

function inputOf(folder: string, entries: PublishedPackage['entries']): string {
  const [first = ''] = entries.values()
  return join(folder, 'dist', entries.size > 1 ? WHOLE : first)
}

function extractorConfig(folder: string, entries: PublishedPackage['entries'], scratch: string): ExtractorConfig {
  const silent = { default: { logLevel: ExtractorLogLevel.None } }
  const input = inputOf(folder, entries)
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    strict: true,
    skipLibCheck: true,
  }
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: input,
      compiler: { overrideTsconfig: { compilerOptions, files: [input] } },
      newlineKind: 'lf',
      apiReport: { enabled: true, includeForgottenExports: true, reportFolder: scratch, reportTempFolder: join(scratch, 'temporary'), reportFileName: REPORT },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: { compilerMessageReporting: silent, extractorMessageReporting: silent, tsdocMessageReporting: silent },
    },
    configObjectFullPath: join(folder, 'api-extractor.json'),
    packageJsonFullPath: join(folder, 'package.json'),
  })
}

process.exitCode = main(process.argv.includes('--check'))
