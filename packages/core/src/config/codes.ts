import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

/** What is wrong is put together of positions, keys and what they must be; see `ConfigProblem`. */
function problem(message: string, hint: string) {
  return { kind: 'config', message: '{problems}', hint: '{advice}', about: { message, hint } } as const
}

/** What goes wrong with the configuration. Every problem of it is in one error, a `ConfigError`. */
export const CONFIG_CODES = {
  config_not_found: problem(
    'There is no configuration file where one was named or looked for.',
    'Name an existing file with `--config`, or write one with `qdrant-loader init`.',
  ),
  config_foreign_owner: problem(
    'The configuration that was found in this folder or a parent, or the `.env` beside it, belongs to another user, who is not root.',
    'If you trust it, name it with `--config`, or name its folder in `QDRANT_LOADER_SAFE_DIRECTORIES`.',
  ),
  config_unreadable: problem(
    'The configuration file or `.env` is a folder, cannot be read, is larger than 1 MB, or is not UTF-8.',
    'Name a readable text file in UTF-8.',
  ),
  config_empty: problem(
    'The configuration file holds nothing.',
    'Begin with what `qdrant-loader init` writes.',
  ),
  config_yaml_invalid: problem(
    'The file is not YAML.',
    'Correct it at or before the line and column that are named. Inside `{ }` or `[ ]` a `${NAME}` needs quotes.',
  ),
  config_too_large: problem(
    'The file holds far too many or too deeply nested values, perhaps through aliases that multiply.',
    'Remove the aliases, or split the configuration.',
  ),
  config_env_invalid: problem(
    'A line of `.env` is not an assignment, or a quote in it is not closed.',
    'Write `NAME=value`; put a value with spaces at its ends or with `#` in quotes.',
  ),
  config_variable_missing: problem(
    'The file refers to a variable that is not set.',
    'Set it in the environment or in `.env` beside the configuration file, or give a default: `${NAME:-default}`.',
  ),
  config_reference_invalid: problem(
    'Something begins like a reference to a variable and is not one.',
    'Write `${NAME}` or `${NAME:-default}`, and `$${` for a literal `${`.',
  ),
  config_unknown_key: problem(
    'There is no such key here.',
    'Use the key that is suggested, or look it up in the tables of the configuration.',
  ),
  config_missing_key: problem(
    'A key that is required is missing.',
    'Add it; the message says what it holds.',
  ),
  config_invalid_value: problem(
    'A value has another type than it must have, is out of range, or contradicts another key.',
    'Correct it; the message says what is allowed.',
  ),
  config_duplicate_source: problem(
    'Two sources of one project and type have the same name, under two names of the type.',
    'Rename one of them.',
  ),
  config_connector_unavailable: problem(
    'Connectors are missing or broken, beside other problems. A single one is reported with its own code.',
    'Run the install command that is named.',
  ),
  config_path_unwritable: problem(
    'The state database cannot be kept at its path.',
    'Name a writable place as `global.state_management.database_path` or `STATE_DB_PATH`, or correct the permissions.',
  ),
  config_invalid: problem(
    'There are several problems of different kinds; each is named on a line of its own.',
    'Correct them, then try `qdrant-loader config validate`.',
  ),
} as const satisfies ErrorTable

export const configError = errorsOf(CONFIG_CODES)

/** A code of a `ConfigError`. */
export type ConfigCode = keyof typeof CONFIG_CODES
