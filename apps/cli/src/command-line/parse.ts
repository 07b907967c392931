import { parseArgs } from 'node:util'
import type { ParsedFlags } from '../command-context.ts'
import type { AnyCommand, FlagSpec, FlagSpecs } from './command-spec.ts'
import { nearest } from './nearest.ts'
import { usageError } from './usage-error.ts'

/** What a command line asks for. */
export type Invocation =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly topic: string | undefined }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'run'; readonly command: AnyCommand; readonly flags: ParsedFlags; readonly operand: string }

type Token = ReturnType<typeof tokenize>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

/**
 * Reads a command line (without `node` and the program). The parser is Node's own: yargs costs 110 ms at each start,
 * mostly for measuring the width of its help text.
 *
 * @throws LoaderError `usage`, naming the nearest command or flag.
 */
export function parseCommandLine(argv: readonly string[], commands: readonly AnyCommand[]): Invocation {
  const tokens = tokenize(argv, commands)
  const words = tokens.filter((token) => token.kind === 'positional').map((token) => token.value)
  const options = tokens.filter((token) => token.kind === 'option')
  if (has(options, 'version')) return { kind: 'version' }
  if (words[0] === 'help') return { kind: 'help', topic: topicOf(words.slice(1), commands) }
  if (has(options, 'help')) return { kind: 'help', topic: topicOf(words, commands) }

  if (words.length === 0) {
    for (const option of options) refuseUnknown(option, allFlags(commands), 'qdrant-loader')
    return { kind: 'nothing' }
  }
  const command = findCommand(words, commands)
  const flags = readFlags(command, options)
  const operands = words.slice(command.name.split(' ').length)
  const operand = readOperand(command, operands)
  for (const [one, other] of command.exclusive ?? []) {
    if (flags[one] === true && flags[other] === true) {
      throw usageError(`--${one} and --${other} exclude each other.`, `Give one of them. ${seeHelp(command.name)}`)
    }
  }
  for (const [one, other] of command.requires ?? []) {
    if (flags[one] === true && flags[other] !== true) {
      throw usageError(`--${one} does nothing without --${other}.`, `Give both, or neither. ${seeHelp(command.name)}`)
    }
  }
  return { kind: 'run', command, flags, operand }
}

function tokenize(argv: readonly string[], commands: readonly AnyCommand[]) {
  const options: Record<string, { type: 'boolean' | 'string'; short?: string }> = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean', short: 'v' },
  }
  for (const [name, spec] of Object.entries(allFlags(commands))) {
    options[name] = { type: spec.type === 'boolean' ? 'boolean' : 'string' }
  }
  return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true }).tokens
}

/** A name means the same in every command, so that `--limit 3 search x` can be read before the command is known. */
function allFlags(commands: readonly AnyCommand[]): FlagSpecs {
  return Object.assign({}, ...commands.map((command) => command.flags)) as FlagSpecs
}

function has(options: readonly OptionToken[], name: string): boolean {
  return options.some((option) => option.name === name)
}

function topicOf(words: readonly string[], commands: readonly AnyCommand[]): string | undefined {
  const two = words.slice(0, 2).join(' ')
  const known = commands.map((command) => command.name)
  if (known.includes(two)) return two
  const one = words[0]
  return one !== undefined && known.some((name) => name.split(' ')[0] === one) ? one : undefined
}

function findCommand(words: readonly string[], commands: readonly AnyCommand[]): AnyCommand {
  const [first = '', second] = words
  const found = commands.find((command) => command.name === first || command.name === `${first} ${second}`)
  if (found !== undefined) return found
  const members = commands.map((command) => command.name.split(' ')).filter(([group, member]) => group === first && member !== undefined)
  if (members.length > 0) {
    const names = members.map(([, member]) => member ?? '')
    if (second === undefined) {
      throw usageError(`'${first}' needs one of: ${names.join(', ')}.`, `For example: qdrant-loader ${first} ${names[0]}`)
    }
    throw usageError(`There is no command '${first} ${second}'.`, didYouMean(nearest(second, names), `qdrant-loader ${first} `, first))
  }
  const topLevel = [...new Set(commands.map((command) => command.name.split(' ')[0] ?? ''))]
  throw usageError(`There is no command '${first}'.`, didYouMean(nearest(first, topLevel), 'qdrant-loader ', undefined))
}

function didYouMean(candidate: string | undefined, prefix: string, topic: string | undefined): string {
  return candidate === undefined ? seeHelp(topic) : `Did you mean '${prefix}${candidate}'? ${seeHelp(topic)}`
}

function seeHelp(topic: string | undefined): string {
  return `See qdrant-loader ${topic === undefined ? '' : `${topic} `}--help.`
}

function readFlags(command: AnyCommand, options: readonly OptionToken[]): ParsedFlags {
  const specs: FlagSpecs = command.flags
  const values: Record<string, boolean | number | string | undefined> = {}
  for (const [name, spec] of Object.entries(specs)) values[name] = spec.type === 'boolean' ? false : undefined
  for (const option of options) {
    refuseUnknown(option, specs, command.name)
    const spec = specs[option.name]
    if (spec === undefined) continue
    if (spec.type !== 'boolean' && values[option.name] !== undefined) {
      throw usageError(`--${option.name} was given twice.`, `Give it once. ${seeHelp(command.name)}`)
    }
    values[option.name] = readValue(option, spec, command.name)
  }
  return values
}

function refuseUnknown(option: OptionToken, specs: FlagSpecs, commandName: string): void {
  if (Object.hasOwn(specs, option.name)) return
  const candidate = nearest(option.name, [...Object.keys(specs), 'help', 'version'])
  const topic = commandName === 'qdrant-loader' ? undefined : commandName
  const owner = topic === undefined ? 'qdrant-loader' : `'${topic}'`
  throw usageError(
    `${owner} has no flag ${option.rawName}.`,
    candidate === undefined ? seeHelp(topic) : `Did you mean --${candidate}? ${seeHelp(topic)}`,
  )
}

function readValue(option: OptionToken, spec: FlagSpec, commandName: string): boolean | number | string {
  const { value, name } = option
  if (spec.type === 'boolean') {
    if (value !== undefined) throw usageError(`--${name} takes no value.`, `Leave '=${value}' out. ${seeHelp(commandName)}`)
    return true
  }
  const eatenFlag = option.inlineValue === false && typeof value === 'string' && /^-(?!\d|$)/.test(value)
  if (value === undefined || value === '' || eatenFlag) {
    throw usageError(`--${name} needs a value.`, `Write --${name}=${spec.type === 'choice' ? spec.choices.join('|') : spec.value}. ${seeHelp(commandName)}`)
  }
  if (spec.type === 'choice' && !spec.choices.includes(value)) {
    throw usageError(`--${name} does not take '${value}'.`, `Give one of: ${spec.choices.join(', ')}.`)
  }
  return spec.type === 'integer' ? readInteger(name, value, spec) : value
}

function readInteger(name: string, value: string, spec: { readonly min: number; readonly max: number }): number {
  const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= spec.min && number <= spec.max)) {
    throw usageError(`--${name} does not take '${value}'.`, `Give a whole number from ${spec.min} to ${spec.max}.`)
  }
  return number
}

function readOperand(command: AnyCommand, words: readonly string[]): string {
  if (command.operand === undefined) {
    if (words.length === 0) return ''
    throw usageError(`'${command.name}' takes no operand, and got '${words[0]}'.`, seeHelp(command.name))
  }
  const operand = words.join(' ').trim()
  if (operand === '') throw usageError(`'${command.name}' needs ${command.operand}.`, seeHelp(command.name))
  return operand
}
