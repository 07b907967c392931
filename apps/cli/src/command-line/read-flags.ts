import type { ParsedFlags } from '../command-context.ts'
import type { AnyCommand, FlagSpec, FlagSpecs } from './command-spec.ts'
import type { Parsed } from './parser.ts'
import { seeHelp } from './see-help.ts'
import { usageError } from './usage-error.ts'

/** The values of a command's flags. @throws LoaderError `usage` for one that is given twice, empty, or out of range. */
export function readFlags(command: AnyCommand, parsed: Parsed): ParsedFlags {
  const specs = Object.entries(command.flags as FlagSpecs)
  return Object.fromEntries(specs.map(([name, spec]) => [name, readFlag(name, spec, parsed[name], command.name)]))
}

function readFlag(name: string, spec: FlagSpec, value: unknown, command: string): boolean | number | string | undefined {
  if (spec.type === 'boolean') return value === true
  if (value === undefined) return undefined
  if (Array.isArray(value)) throw usageError(`--${name} was given twice.`, `Give it once. ${seeHelp(command)}`)
  const text = String(value)
  if (text === '') {
    throw usageError(`--${name} needs a value.`, `Write --${name}=${spec.type === 'choice' ? spec.choices.join('|') : spec.value}. ${seeHelp(command)}`)
  }
  return spec.type === 'integer' ? readInteger(name, text, spec) : text
}

function readInteger(name: string, value: string, spec: { readonly min: number; readonly max: number }): number {
  const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= spec.min && number <= spec.max)) {
    throw usageError(`--${name} does not take '${value}'.`, `Give a whole number from ${spec.min} to ${spec.max}.`)
  }
  return number
}
