import { readFileSync } from 'node:fs'

/** The version in the package's package.json, which lies beside both `src` and `dist`. */
export const version: string = readVersion()

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return (manifest as { readonly version: string }).version
}
