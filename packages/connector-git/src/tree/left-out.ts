/** What a source leaves out by the names of files, each with its key below `leave_out`. */
export const LEAVE_OUT = {
  lock_files: 'Lock files of package managers, such as `package-lock.json`, `uv.lock` and `go.sum`.',
  minified: 'Minified and bundled scripts and styles: `*.min.js`, `*.min.css`, `*.bundle.js`.',
  source_maps: 'Source maps: `*.js.map`, `*.css.map`.',
  vendored: 'Code of others: folders `node_modules`, `vendor`, `third_party`, `bower_components`, `Pods`.',
  build_output: 'What builds and tools write: folders `dist`, `.next`, `.nuxt`, `__pycache__`, `.venv`, `.tox`, `.gradle`.',
  snapshots: 'Snapshots of tests: `__snapshots__`, `*.snap`.',
  vector_graphics: 'Drawings whose text is paths: `*.svg`.',
  own_schema: 'The schema that `qdrant-loader config schema` writes: `qdrant-loader.schema.json`.',
} as const

/** A kind of files that is left out by name. */
export type LeftOut = keyof typeof LEAVE_OUT

const LOCK_FILES = new Set(
  (
    'package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock composer.lock gemfile.lock ' +
    'cargo.lock poetry.lock pdm.lock uv.lock pipfile.lock pixi.lock go.sum go.work.sum flake.lock mix.lock pubspec.lock ' +
    'podfile.lock package.resolved packages.lock.json gradle.lockfile .terraform.lock.hcl conan.lock cabal.project.freeze ' +
    'stack.yaml.lock module.bazel.lock rebar.lock shard.lock paket.lock project.assets.json'
  ).split(' '),
)
const FOLDERS: ReadonlyMap<string, LeftOut> = new Map<string, LeftOut>([
  ...['node_modules', 'vendor', 'third_party', 'bower_components', 'Pods'].map((name): [string, LeftOut] => [name, 'vendored']),
  ...['dist', '.next', '.nuxt', '__pycache__', '.venv', '.tox', '.gradle'].map((name): [string, LeftOut] => [name, 'build_output']),
  ['__snapshots__', 'snapshots'],
])

/** The kind of a file that nobody asks about, by its path with `/`; undefined for all others. */
export function leftOutKind(path: string): LeftOut | undefined {
  const slash = path.lastIndexOf('/')
  const name = path.slice(slash + 1).toLowerCase()
  if (LOCK_FILES.has(name)) return 'lock_files'
  if (name === 'qdrant-loader.schema.json') return 'own_schema'
  if (/[.-](?:min|bundle|chunk)\.(?:js|mjs|cjs|css)$/.test(name)) return 'minified'
  if (/\.(?:js|mjs|cjs|css|ts)\.map$/.test(name)) return 'source_maps'
  if (name.endsWith('.snap')) return 'snapshots'
  if (name.endsWith('.svg')) return 'vector_graphics'
  if (slash === -1) return undefined
  for (const folder of path.slice(0, slash).split('/')) {
    const kind = FOLDERS.get(folder)
    if (kind !== undefined) return kind
  }
  return undefined
}
