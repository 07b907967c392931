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
  together: {
    // Every command. Not in it: the version, what the thread of the signals needs, and `program.ts`, for whose end commands would wait.
    start: /src[\\/](?:(?:run|ask|codes|commands|interrupt)\.ts|command-line[\\/](?!complet|asking)|failure[\\/](?!exit-code)|output[\\/](?:log|format-log-line|paint|printable|redact-value|standard-output|terminal)\.ts|report[\\/]empty-report)|node_modules[\\/](?:yargs|yargs-parser|y18n|escalade|get-caller-file)[\\/]/,
    // Whatever prints a table.
    tables: /src[\\/](?:output[\\/](?:table|format-values|space-of)|progress[\\/]source-label|report[\\/](?:combine-reports|render-left|render-shortfalls))\.ts/,
  },
  unused: { yargs: ['cliui', 'string-width'] },
})
