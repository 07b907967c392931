import yargs from 'yargs'
import type { Argv, Options } from 'yargs'
import type { AnyCommand, FlagSpec, FlagSpecs } from './command-spec.ts'
import { YARGS_WORDS } from './yargs-words.ts'

/** A command line as yargs read it: flags by name as they were written, words under `_`. */
export type Parsed = Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] }

/** What is done with what yargs finds. Whatever one of these throws, `parse` throws; where yargs should stop, one throws. */
export interface ParserEvents {
  /** Called before anything is checked, with what was read so far and the names of the commands that led there. */
  readonly read: (parsed: Parsed, entered: readonly string[]) => void
  /** Everything fits this command. */
  readonly command: (command: AnyCommand, parsed: Parsed) => never
  /** A group was named, and no member of it. */
  readonly group: (name: string) => never
  /** What yargs objects to: in the words of {@link YARGS_WORDS}, or an error that was thrown. */
  readonly failed: (message: string | undefined, error: Error | undefined) => never
}

/** Whether words are flags is known before the command is: `--limit 3 search x`. */
export const ASIDE = { help: { type: 'boolean', describe: 'Print this.' }, version: { type: 'boolean', describe: 'Print the version.' } } as const satisfies FlagSpecs

/**
 * The parser of these commands. It prints nothing and never ends the process. Its help is ours (see `help.ts`), as are
 * its words.
 */
export function createParser(argv: readonly string[], commands: readonly AnyCommand[], events: ParserEvents): Argv {
  const everyFlag = Object.assign({}, ...commands.map((command) => command.flags)) as FlagSpecs
  // Describing a command takes longer than parsing, so yargs hears only of those that are named.
  const mentioned = commands.filter(({ name }) => argv.includes(name.split(' ')[0] ?? ''))
  const named = mentioned.length > 0 ? mentioned : commands
  // Given a folder, yargs does not ask for the current one, which may be gone.
  const parser = yargs([...argv], '/')
    .scriptName('qdrant-loader')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .detectLocale(false)
    // Its types know no plurals.
    .updateStrings(YARGS_WORDS as unknown as Record<string, string>)
    .help(false)
    .version(false)
    .exitProcess(false)
    .showHelpOnFail(false)
    .alias({ help: 'h', version: 'v' })
    .options(optionsOf(ASIDE))
    // Where the command comes first, it knows its flags itself.
    .options(argv[0]?.startsWith('-') === true ? optionsOf(everyFlag, { global: false }) : {})
    .strictCommands()
    .strictOptions()
  const entered: string[] = []
  parser.middleware((parsed) => events.read(parsed, entered), true)
  parser.fail((message, error) => events.failed(message ?? undefined, error ?? undefined))

  for (const command of named.filter(({ name }) => !name.includes(' '))) addCommand(parser, command, command.name, entered, events)
  for (const group of new Set(named.map(({ name }) => name.split(' ')).filter((words) => words.length > 1).map(([first = '']) => first))) {
    const members = commands.filter(({ name }) => name.startsWith(`${group} `))
    const enter = (inner: Argv): Argv => {
      entered.push(group)
      inner.options(optionsOf(everyFlag, { global: false }))
      for (const member of members) addCommand(inner, member, member.name.slice(group.length + 1), entered, events)
      return inner.strictCommands().strictOptions()
    }
    parser.command(group, false, enter, () => events.group(group))
  }
  return parser
}

function addCommand(parser: Argv, command: AnyCommand, word: string, entered: string[], events: ParserEvents): void {
  const enter = (inner: Argv): Argv => {
    entered.push(word)
    inner.options(optionsOf(command.flags))
    for (const [one, other] of command.exclusive ?? []) inner.conflicts(one, other)
    for (const [one, other] of command.requires ?? []) inner.implies(one, other)
    // What follows the command is its operand, however many words.
    return inner.strictCommands(false).strictOptions()
  }
  parser.command(word, command.summary, enter, (parsed) => events.command(command, parsed as unknown as Parsed))
}

function optionsOf(specs: FlagSpecs, also: Options = {}): Record<string, Options> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, { ...optionOf(spec), ...also }]))
}

/** Numbers are read from the text (see `read-flags.ts`), so that a wrong one can be quoted as it was written. */
function optionOf(spec: FlagSpec): Options {
  if (spec.type === 'boolean') return { type: 'boolean', nargs: 0, describe: spec.describe }
  const choices = spec.type === 'choice' ? { choices: spec.choices } : {}
  return { type: 'string', nargs: 1, describe: spec.describe, ...choices }
}
