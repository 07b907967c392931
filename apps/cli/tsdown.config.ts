import { packageBuild } from '../../tooling/build/package-build.ts'

/** Tables, with what they import themselves. */
const TABLES = ['cli-table3', '@colors/colors', 'ansi-regex', 'emoji-regex', 'get-east-asian-width', 'is-fullwidth-code-point', 'string-width', 'strip-ansi']
/** The live display, likewise. */
const DISPLAY = ['log-update', 'ansi-escapes', 'ansi-styles', 'cli-cursor', 'environment', 'mimic-function', 'onetime', 'restore-cursor', 'signal-exit', 'slice-ansi', 'wrap-ansi']

export default packageBuild({
  parts: { main: 'src/main.ts', 'signal-thread': 'src/signal-thread.ts' },
  bundled: [...TABLES, ...DISPLAY, 'import-meta-resolve', 'yaml'],
})
