import type { Rolldown } from 'tsdown';
/** Where the licences of what was built in are, in `dist`. */
export declare const LICENSES_FILE = "THIRD-PARTY-LICENSES.txt";
/** Writes {@link LICENSES_FILE} when a build takes in modules of others; fails when one of them names no licence text. */
export declare function thirdPartyLicenses(): Rolldown.Plugin;
