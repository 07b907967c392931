/** What yargs says, as data: `KIND DETAILS`. */
export const YARGS_WORDS = {
  'Unknown command: %s': { one: 'command-unknown %s', other: 'command-unknown %s' },
  'Unknown argument: %s': { one: 'flag-unknown %s', other: 'flag-unknown %s' },
  'Argument unexpected for: %s': 'value-unexpected %s',
  'Not enough arguments following: %s': 'value-missing %s',
  'Invalid values:': 'value-invalid ',
  'Arguments %s and %s are mutually exclusive': 'exclusive %s %s',
  'Implications failed:': 'requires ',
}

export type Objection = 'command-unknown' | 'exclusive' | 'flag-unknown' | 'requires' | 'value-invalid' | 'value-missing' | 'value-unexpected'

const SAID = /^(?<kind>command-unknown|exclusive|flag-unknown|requires|value-invalid|value-missing|value-unexpected) (?<details>[^]*)$/

/** What yargs objects to; undefined for words that are its own. */
export function objectionOf(message: string): { readonly kind: Objection; readonly details: string } | undefined {
  const { kind, details = '' } = SAID.exec(message)?.groups ?? {}
  return kind === undefined ? undefined : { kind: kind as Objection, details: details.trim() }
}
