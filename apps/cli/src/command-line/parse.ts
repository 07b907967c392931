import type { ParsedFlags } from '../command-context.ts'
import type { AnyCommand, FlagSpecs } from './command-spec.ts'
import { findCommand } from './find-command.ts'
import { ASIDE, createParser } from './parser.ts'
import type { Parsed } from './parser.ts'
import { readFlags } from './read-flags.ts'
import { readOperand } from './read-operand.ts'
import { didYouMean, seeHelp } from './see-help.ts'
import { nearest } from './nearest.ts'
import { usageError } from './usage-error.ts'
import { objectionOf } from './yargs-words.ts'
import type { Objection } from './yargs-words.ts'

/** What a command line asks for. */
export type Invocation =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly topic: string | undefined }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'run'; readonly command: AnyCommand; readonly flags: ParsedFlags; readonly operand: string }

/** Thrown through yargs, which goes no further then: it would draw a help that nobody sees. */
class Answered extends Error {
  readonly invocation: Invocation

  constructor(invocation: Invocation) {
    super()
    this.invocation = invocation
  }
}

/**
 * Reads a command line (without `node` and the program).
 *
 * @throws LoaderError `usage`, naming the nearest command or flag.
 */
export function parseCommandLine(argv: readonly string[], commands: readonly AnyCommand[]): Invocation {
  let at: Place = { argv, commands, parsed: { _: [] }, command: undefined }
  const parser = createParser(argv, commands, {
    read(parsed, entered) {
      const words = parsed._.map(String)
      if (parsed['version'] === true) throw new Answered({ kind: 'version' })
      if (words[0] === 'help') throw new Answered({ kind: 'help', topic: topicOf(words.slice(1), commands) })
      if (parsed['help'] === true) throw new Answered({ kind: 'help', topic: topicOf(words, commands) })
      at = { ...at, parsed, command: commands.find(({ name }) => name === entered.join(' ')) }
    },
    command(command, parsed) {
      const words = parsed._.map(String).slice(command.name.split(' ').length)
      throw new Answered({ kind: 'run', command, flags: readFlags(command, parsed), operand: readOperand(command, words) })
    },
    group(name) {
      findCommand([name], commands)
      throw new TypeError(`${name} is not a group`)
    },
    failed(message, error) {
      throw error === undefined || error.name === 'YError' ? objection(message ?? error?.message ?? '', at) : error
    },
  })
  try {
    parser.parse()
  } catch (error) {
    if (error instanceof Answered) return error.invocation
    throw error
  }
  return { kind: 'nothing' }
}

function topicOf(words: readonly string[], commands: readonly AnyCommand[]): string | undefined {
  const two = words.slice(0, 2).join(' ')
  const known = commands.map((command) => command.name)
  if (known.includes(two)) return two
  const one = words[0]
  return one !== undefined && known.some((name) => name.split(' ')[0] === one) ? one : undefined
}

/** How far yargs came. */
interface Place {
  readonly argv: readonly string[]
  readonly commands: readonly AnyCommand[]
  readonly parsed: Parsed
  readonly command: AnyCommand | undefined
}

function objection(message: string, place: Place): Error {
  const found = objectionOf(message)
  const help = seeHelp(place.command?.name)
  return found === undefined ? usageError(message, help) : OBJECTIONS[found.kind](found.details, place, help)
}

const OBJECTIONS: Readonly<Record<Objection, (details: string, place: Place, help: string) => Error>> = {
  'command-unknown': (_details, { parsed, commands }) => {
    findCommand(parsed._.map(String), commands)
    throw new TypeError('yargs does not know a command that is in the table')
  },
  'flag-unknown': unknownFlag,
  'value-missing': (name, { command, commands }, help) => {
    const spec = flagOf(name, command, commands)
    const value = spec?.type === 'choice' ? spec.choices.join('|') : spec?.type === 'boolean' ? '' : (spec?.value ?? 'VALUE')
    return usageError(`--${name} needs a value.`, `Write --${name}=${value}. ${help}`)
  },
  'value-unexpected': (name, { argv }, help) => {
    const written = argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 2) ?? ''
    return usageError(`--${name} takes no value.`, `Leave '${written}' out. ${help}`)
  },
  'value-invalid': (details, { parsed, command, commands }, help) => {
    const name = /Argument: (\S+),/.exec(details)?.[1] ?? ''
    const spec = flagOf(name, command, commands)
    const values = [parsed[name]].flat().map(String)
    // Twice is the first thing that is wrong with it.
    if (values.length > 1) return usageError(`--${name} was given twice.`, `Give it once. ${help}`)
    return usageError(`--${name} does not take '${values[0]}'.`, `Give one of: ${spec?.type === 'choice' ? spec.choices.join(', ') : ''}.`)
  },
  exclusive: (details, _place, help) => {
    const [one, other] = details.split(' ')
    return usageError(`--${one} and --${other} exclude each other.`, `Give one of them. ${help}`)
  },
  requires: (details, _place, help) => {
    const [one, other] = details.split(' -> ')
    return usageError(`--${one} does nothing without --${other}.`, `Give both, or neither. ${help}`)
  },
}

/** A flag of the command; before that is known, of any: a name means the same in all. */
function flagOf(name: string, command: AnyCommand | undefined, commands: readonly AnyCommand[]): FlagSpecs[string] | undefined {
  return [command, ...commands].map((candidate) => (candidate?.flags as FlagSpecs | undefined)?.[name]).find((spec) => spec !== undefined)
}

function unknownFlag(details: string, { argv, command, commands }: Place): Error {
  const known = (command === undefined ? Object.assign({}, ...commands.map(({ flags }) => flags as FlagSpecs)) : command.flags) as FlagSpecs
  const name = details.split(', ')[0] ?? ''
  const written = argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)) ? `--${name}` : `-${name}`
  const opposite = name.startsWith('no-') ? name.slice('no-'.length) : `no-${name}`
  const candidate = Object.hasOwn(known, opposite) ? opposite : nearest(name, [...Object.keys(known), ...Object.keys(ASIDE)])
  const owner = command === undefined ? 'qdrant-loader' : `'${command.name}'`
  return usageError(`${owner} has no flag ${written}.`, didYouMean(candidate === undefined ? undefined : `--${candidate}`, command?.name))
}
