/**
 * What a table prefix looks like; the configuration and the state go by the same rule. The prefix goes into SQL
 * unescaped, so nothing else may pass. No upper case, which PostgreSQL folds; `sqlite_` is what SQLite keeps for
 * itself; and with 31 characters the longest table name stays below the 63 bytes of PostgreSQL.
 */
export const TABLE_PREFIX = /^(?!sqlite_)[a-z][a-z0-9_]{0,30}$/

/** {@link TABLE_PREFIX} for people; follows "must". */
export const TABLE_PREFIX_RULE =
  'begin with a lower-case letter, not with `sqlite_`, and hold at most 31 lower-case letters, digits and underscores'
