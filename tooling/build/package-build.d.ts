import { type UserConfig } from 'tsdown';
/** What differs from package to package. */
export interface PackageBuild {
    /** Files that others import or start, by the name that they get in `dist`. Default: `src/index.ts` alone. */
    readonly entry?: Readonly<Record<string, string>>;
    /**
     * Packages of others whose used parts are built into this one, what they import themselves included. They are
     * `devDependencies` here, so that nobody installs them. The build fails when it takes in a package that is not
     * named. Default: none.
     */
    readonly bundled?: readonly string[];
}
/**
 * How every package of this repository is built: modules for Node with their types, everything that is not imported
 * left out. The licences of what was built in are written beside it, in `dist/THIRD-PARTY-LICENSES.txt`.
 */
export declare function packageBuild({ entry, bundled }?: PackageBuild): UserConfig;
