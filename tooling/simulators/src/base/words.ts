import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>

/** The switches of a command line; nothing else is understood. */
export function switchesOf<const Given extends Options>(words: readonly string[], options: Given) {
  return parseArgs({ args: [...words], options }).values
}

/** A whole number, or one with a fraction where it may have one. Undefined stays undefined. */
export function numberFrom<Given extends string | undefined>(name: string, given: Given, { fraction = false } = {}): Given extends string ? number : undefined {
  if (given !== undefined && !(fraction ? /^\d{1,6}(?:\.\d{1,6})?$/ : /^\d{1,6}$/).test(given)) throw new Error(`${name} needs a number, and got ${given}`)
  return (given === undefined ? undefined : Number(given)) as Given extends string ? number : undefined
}

/** One of the words that are known. Undefined stays undefined. */
export function oneOf<Given extends string | undefined, const Word extends string>(name: string, given: Given, words: readonly Word[]): Given extends string ? Word : undefined {
  const found = words.find((word): boolean => (word as string) === given)
  if (given !== undefined && found === undefined) throw new Error(`${name} is ${words.join(' or ')}, and got ${given}`)
  return found as Given extends string ? Word : undefined
}

/** A port number. */
export function portFrom(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text)
  throw new Error(`not a port: ${text}`)
}

/** These members without those that are undefined. */
export function given<Members extends object>(members: Members): { [Name in keyof Members]?: Exclude<Members[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as { [Name in keyof Members]?: Exclude<Members[Name], undefined> }
}
