import { defineConfig, type UserConfig } from 'tsdown'

import { thirdPartyLicenses } from './third-party-licenses.ts'

/** What differs from package to package. */
export interface PackageBuild {
  /** Files that others import or start, by the name that they get in `dist`. Default: `src/index.ts` alone. */
  readonly entry?: Readonly<Record<string, string>>
  /**
   * Packages of others whose used parts are built into this one, what they import themselves included. They are
   * `devDependencies` here, so that nobody installs them. The build fails when it takes in a package that is not
   * named. Default: none.
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
    deps: { onlyBundle: [...bundled] },
    plugins: [thirdPartyLicenses()],
  })
}
