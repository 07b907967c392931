import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { defineConfig, type UserConfig } from 'tsdown'

import { nodeBuiltins } from './node-builtins.ts'
import { leanSourceMaps } from './lean-source-maps.ts'
import { thirdPartyLicenses } from './third-party-licenses.ts'
import { unusedImports } from './unused-imports.ts'

/** What differs from package to package, beside its `exports`. */
export interface PackageBuild {
  /**
   * Files that are started as a thread or a command, or loaded by their path, by the name that they get in `dist`. Nobody
   * imports them, so they have no types. Default: none.
   */
  readonly parts?: Readonly<Record<string, string>>
  /**
   * Packages of others whose used parts are built into this one, what they import themselves included. They are
   * `devDependencies` here, so that nobody installs them; `dependencies` only where our declarations name their types.
   * The build fails when it takes in a package that is not named. Default: none.
   */
  readonly bundled?: readonly string[]
  /** What a bundled package imports and never uses here, by its name: it is left out. Default: nothing. */
  readonly unused?: Readonly<Record<string, readonly string[]>>
}

/**
 * How every package of this repository is built: what its `exports` name, as modules for Node with their types, with
 * everything left out that is not imported. The licences of what was built in are written beside it, in
 * `dist/THIRD-PARTY-LICENSES.txt`.
 */
export function packageBuild({ parts = {}, bundled = [], unused = {} }: PackageBuild = {}): UserConfig {
  const exported = exportedSources()
  return defineConfig({
    entry: { ...exported, ...parts },
    format: 'esm',
    platform: 'node',
    target: 'node22',
    dts: { entry: Object.values(exported) },
    // Sources alone: the declarations of what tests and this file import from other folders would be written beside it.
    tsconfig: 'tsconfig.build.json',
    sourcemap: true,
    // package.json names dist/index.js; without this the files end in .mjs.
    fixedExtension: false,
    deps: { alwaysBundle: [...bundled], onlyBundle: [...bundled], dts: { alwaysBundle: () => false, neverBundle: true } },
    treeshake: {
      moduleSideEffects: [
        // Of a package that no declaration names any more, an import without names would stay.
        { external: true, sideEffects: false },
        // A file of ours may be imported for what it does, whatever package.json promises to those who import the package.
        { external: false, test: /^(?!.*[\\/]node_modules[\\/])/, sideEffects: true },
      ],
    },
    alias: formsToTakeIn(bundled),
    // Otherwise each entry that others share code with is two files: the code, and one that only passes its exports on.
    inputOptions: { preserveEntrySignatures: 'allow-extension' },
    plugins: [unusedImports(unused), nodeBuiltins(), leanSourceMaps(), thirdPartyLicenses()],
  })
}

/** The sources of a package's `exports`, by the names that they have in `dist`. */
function exportedSources(): Readonly<Record<string, string>> {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly exports: Readonly<Record<string, string | Exported>> }
  const sources = Object.values(exports).flatMap((one) =>
    typeof one === 'string' ? [] : [[basename(one.default, '.js'), one['@qdrant-loader/source'].replace(/^\.\//, '')] as const],
  )
  return Object.fromEntries(sources)
}

/** As in `"./state": { "@qdrant-loader/source": "./src/state/index.ts", "default": "./dist/state.js" }`. */
interface Exported {
  readonly '@qdrant-loader/source': string
  readonly default: string
}

/** Entries as ES modules of packages whose entry for Node is CommonJS, of which a build can leave nothing out. */
const AS_MODULES: Readonly<Record<string, string>> = { yaml: 'browser/index.js' }

function formsToTakeIn(bundled: readonly string[]): Record<string, string> {
  // Packages are built with their own folder as the current one.
  const { resolve } = createRequire(join(process.cwd(), 'package.json'))
  const forms = bundled.flatMap((name) => {
    const form = AS_MODULES[name]
    return form === undefined ? [] : [[name, join(resolve(`${name}/package.json`), '..', form)] as const]
  })
  return Object.fromEntries(forms)
}
