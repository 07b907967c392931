/** Every code of a `ConfigError`, with what it means and what to do about it; `docs/errors.md` is made from it. */
export const CONFIG_CODES = {
  config_not_found: {
    meaning: 'There is no configuration file where one was named or looked for.',
    action: 'Name one with `--config`, or write one with `qdrant-loader init`.',
  },
  config_foreign_owner: {
    meaning: 'The configuration that was found in this folder or a parent, or the `.env` beside it, belongs to another user, who is not root.',
    action: 'If you trust it, name it with `--config`, or name its folder in `QDRANT_LOADER_SAFE_DIRECTORIES`.',
  },
  config_unreadable: {
    meaning: 'The configuration file or `.env` is a folder, cannot be read, is larger than 1 MB, or is not UTF-8.',
    action: 'Name a readable text file in UTF-8.',
  },
  config_empty: {
    meaning: 'The configuration file holds nothing.',
    action: 'Begin with what `qdrant-loader init` writes.',
  },
  config_yaml_invalid: {
    meaning: 'The file is not YAML.',
    action: 'Correct it at or before the line and column that are named. Inside `{ }` or `[ ]` a `${NAME}` needs quotes.',
  },
  config_too_large: {
    meaning: 'The file holds far too many or too deeply nested values, perhaps through aliases that multiply.',
    action: 'Remove the aliases, or split the configuration.',
  },
  config_env_invalid: {
    meaning: 'A line of `.env` is no assignment, or a quote in it is not closed.',
    action: 'Write `NAME=value`; put a value with spaces at its ends or with `#` in quotes.',
  },
  config_variable_missing: {
    meaning: 'The file refers to a variable that is not set.',
    action: 'Set it in the environment or in `.env`, or give a default: `${NAME:-default}`.',
  },
  config_reference_invalid: {
    meaning: 'Something begins like a reference to a variable and is none.',
    action: 'Write `${NAME}` or `${NAME:-default}`, and `$${` for a literal `${`.',
  },
  config_unknown_key: {
    meaning: 'There is no such key here.',
    action: 'Use the key that is suggested, or look it up in the tables of the configuration.',
  },
  config_missing_key: {
    meaning: 'A key that is required is missing.',
    action: 'Add it; the message says what it holds.',
  },
  config_invalid_value: {
    meaning: 'A value has another type than it must have, is out of range, or contradicts another key.',
    action: 'Correct it; the message says what is allowed.',
  },
  config_duplicate_source: {
    meaning: 'Two sources of one project and type have the same name, under two names of the type.',
    action: 'Rename one of them.',
  },
  config_connector_unavailable: {
    meaning: 'Connectors are missing or broken, beside other problems. A single one is reported with its own code.',
    action: 'Run the install command that is named.',
  },
  config_path_unwritable: {
    meaning: 'The state database cannot be kept at its path.',
    action: 'Name a writable place as `state_management.database_path` or `STATE_DB_PATH`, or correct the permissions.',
  },
  config_invalid: {
    meaning: 'There are several problems of different kinds; each is named on a line of its own.',
    action: 'Correct them, then try `qdrant-loader config validate`.',
  },
} as const satisfies Readonly<Record<`config_${string}`, { readonly meaning: string; readonly action: string }>>

/** A code of a `ConfigError`. */
export type ConfigCode = keyof typeof CONFIG_CODES
