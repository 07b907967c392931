import { packageBuild } from '../../tooling/build/package-build.ts'

/** Tables, with what they import themselves. */
const TABLES = ['cli-table3', '@colors/colors', 'ansi-regex', 'emoji-regex', 'get-east-asian-width', 'is-fullwidth-code-point', 'string-width', 'strip-ansi']
/** The live display, likewise. */
const DISPLAY = ['log-update', 'ansi-escapes', 'ansi-styles', 'cli-cursor', 'environment', 'mimic-function', 'onetime', 'restore-cursor', 'signal-exit', 'slice-ansi', 'wrap-ansi']
/** The parser of the command line, likewise. */
const PARSER = ['yargs', 'escalade', 'get-caller-file', 'y18n', 'yargs-parser']

export default packageBuild({
  parts: { main: 'src/main.ts', 'signal-thread': 'src/signal-thread.ts' },
  bundled: [...PARSER, ...TABLES, ...DISPLAY, 'import-meta-resolve', 'yaml'],
  // Both draw its help, which is ours; loading them takes longer than all the rest of yargs.
  unused: { yargs: ['cliui', 'string-width'] },
})
