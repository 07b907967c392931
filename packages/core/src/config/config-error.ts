import { LoaderError } from '@qdrant-loader/connector-sdk'
import { CONFIG_CODES, configError } from './codes.ts'
import type { ConfigCode } from './codes.ts'

/** Keys from the root of the configuration to a value; entries of lists are named by their index. */
export type ConfigPath = readonly string[]

/** The path as a map key. */
export function pathKey(path: ConfigPath): string {
  return JSON.stringify(path)
}

/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  readonly code: ConfigCode
  /** Where it is: `qdrant-loader.yaml:3:5`, `environment variable QDRANT_URL`, `--workers`. */
  readonly where: string
  /** Names the key and says what is expected. Without secrets. */
  readonly message: string
  /** An instruction, where this problem has one of its own. Absent: that of its code. */
  readonly hint?: string
}

/**
 * Every problem of a configuration in one error, a line each: `file:line:column: message`.
 *
 * Its code is that of the problems when they share one, else `config_invalid`.
 */
export class ConfigError extends LoaderError {
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly [ConfigProblem, ...ConfigProblem[]], cause?: unknown) {
    const codes = new Set(problems.map((problem) => problem.code))
    const lines = problems.map((problem) => `${problem.where}: ${problem.message}`)
    const hints = [...new Set(problems.flatMap((problem) => problem.hint ?? []))]
    const code = codes.size === 1 ? problems[0].code : 'config_invalid'
    const values = {
      problems: problems.length === 1 ? lines.join() : `The configuration has ${problems.length} problems:\n${lines.join('\n')}`,
      advice: hints.length > 0 ? hints.join(' ') : CONFIG_CODES[code].about.hint,
    }
    super({ ...configError.describe(code, values), cause })
    this.problems = problems
  }
}

/** Throws when there is a problem. @throws ConfigError */
export function throwProblems(problems: readonly ConfigProblem[]): void {
  const [first, ...rest] = problems
  if (first !== undefined) throw new ConfigError([first, ...rest])
}
