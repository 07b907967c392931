import { createRequire } from 'node:module'
import { join } from 'node:path'
import { defineConfig, type UserConfig } from 'tsdown'

import { nodeBuiltins } from './node-builtins.ts'
import { thirdPartyLicenses } from './third-party-licenses.ts'

/** What differs from package to package. */
export interface PackageBuild {
  /** Files that others import or start, by the name that they get in `dist`. Default: `src/index.ts` alone. */
  readonly entry?: Readonly<Record<string, string>>
  /**
   * Packages of others whose used parts are built into this one, what they import themselves included. They are
   * `devDependencies` here, so that nobody installs them; `dependencies` only where our declarations name their types.
   * The build fails when it takes in a package that is not named. Default: none.
   */
  readonly bundled?: readonly string[]
}

/**
 * How every package of this repository is built: modules for Node with their types, everything that is not imported
 * left out. The licences of what was built in are written beside it, in `dist/THIRD-PARTY-LICENSES.txt`.
 */
export function packageBuild({ entry = { index: 'src/index.ts' }, bundled = [] }: PackageBuild = {}): UserConfig {
  return defineConfig({
    entry: { ...entry },
    format: 'esm',
    platform: 'node',
    target: 'node22',
    dts: true,
    // Sources alone: the declarations of what tests and this file import from other folders would be written beside it.
    tsconfig: 'tsconfig.build.json',
    sourcemap: true,
    // package.json names dist/index.js; without this the files end in .mjs.
    fixedExtension: false,
    deps: { alwaysBundle: [...bundled], onlyBundle: [...bundled], dts: { neverBundle: [...bundled] } },
    alias: formsToTakeIn(bundled),
    plugins: [nodeBuiltins(), thirdPartyLicenses()],
  })
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
