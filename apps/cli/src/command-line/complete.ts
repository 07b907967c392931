import type { AnyCommand, Completable, FlagSpec, FlagSpecs } from './command-spec.ts'
import { FILES } from './asking.ts'
import { ASIDE, createParser } from './parser.ts'
import type { Parsed } from './parser.ts'

/** A word that fits, and what it means. */
export interface Suggestion {
  readonly word: string
  readonly meaning: string
}

/** Names of the configuration that the words name (`--config`), or of the one that would be found. */
export type NamesOf = (kind: Exclude<Completable, 'file'>, config: string | undefined) => Promise<readonly string[]>

/**
 * What fits in the place of the last word, which may be empty or begun; `'files'` where the names of files do.
 *
 * @param words the command line up to the cursor, without the program
 */
export async function complete(words: readonly string[], commands: readonly AnyCommand[], namesOf: NamesOf): Promise<readonly Suggestion[] | 'files'> {
  const current = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const parsed = await read(before, commands)
  const place = placeOf(parsed, commands)
  const config = typeof parsed['config'] === 'string' ? parsed['config'] : undefined
  const values = (wanted: Completable | readonly string[] | undefined): Promise<readonly Suggestion[] | 'files'> => valuesOf(wanted, namesOf, config)
  const fitting = (found: readonly Suggestion[] | 'files'): readonly Suggestion[] | 'files' =>
    found === 'files' ? found : found.filter(({ word }) => word.startsWith(current))

  if (before.includes('--')) return fitting(await values(place.command?.operandOf))
  const name = /^--([^=]+)=/.exec(current)?.[1]
  if (name !== undefined) {
    const found = await values(valuesOfFlag(place.flags[name]))
    return found === 'files' ? found : fitting(found.map(({ word, meaning }) => ({ word: `--${name}=${word}`, meaning })))
  }
  const flag = /^--([^=]+)$/.exec(before.at(-1) ?? '')?.[1]
  const spec = flag === undefined ? undefined : place.flags[flag]
  if (spec !== undefined && spec.type !== 'boolean') return fitting(await values(valuesOfFlag(spec)))
  if (current.startsWith('-')) return fitting(flagsLeft(place, parsed))
  if (place.command !== undefined) return place.operandGiven ? [] : fitting(await values(place.command.operandOf))
  return fitting(place.members)
}

/** What the words before say, as yargs reads them: a command line that is not finished has much that is wrong with it. */
async function read(before: readonly string[], commands: readonly AnyCommand[]): Promise<Parsed> {
  let seen: Parsed = { _: [] }
  const parser = createParser(before, commands, { read: () => undefined, command: ignore, group: ignore, failed: ignore })
  parser.completion('completion', false, (_current: string, parsed: Parsed, done: (found: readonly string[]) => void) => {
    seen = parsed
    done([])
  })
  await parser.getCompletion([...before, ''])
  return seen
}

function ignore(): never {
  throw new Error('what is not finished is wrong')
}

/** Where the cursor is: in a command, or before one. */
interface Place {
  readonly command: AnyCommand | undefined
  readonly flags: FlagSpecs
  readonly members: readonly Suggestion[]
  readonly operandGiven: boolean
}

function placeOf(parsed: Parsed, commands: readonly AnyCommand[]): Place {
  const words = parsed._.map(String).filter((word) => word !== '')
  const command = commands.find(({ name }) => name.split(' ').every((word, index) => words[index] === word))
  if (command !== undefined) {
    return { command, flags: { ...(command.flags as FlagSpecs), help: ASIDE.help }, members: [], operandGiven: words.length > command.name.split(' ').length }
  }
  const [group] = words
  const members = commands.filter(({ name }) => group !== undefined && name.startsWith(`${group} `))
  const inGroup = members.map(({ name, summary }) => ({ word: name.split(' ')[1] ?? '', meaning: summary }))
  return { command: undefined, flags: ASIDE, members: group === undefined ? topLevel(commands) : words.length === 1 ? inGroup : [], operandGiven: false }
}

function topLevel(commands: readonly AnyCommand[]): readonly Suggestion[] {
  const groups = Map.groupBy(commands, ({ name }) => name.split(' ')[0] ?? '')
  return [...groups].map(([word, [first, ...more]]) => ({
    word,
    meaning: first !== undefined && more.length === 0 ? first.summary : [first, ...more].map((member) => member?.name.split(' ')[1]).join(', '),
  }))
}

/** Those that are not given yet, and that nothing given excludes. */
function flagsLeft({ command, flags }: Place, parsed: Parsed): readonly Suggestion[] {
  const given = (name: string): boolean => parsed[name] !== undefined
  const excluded = (command?.exclusive ?? []).flatMap(([one, other]) => [...(given(one) ? [other] : []), ...(given(other) ? [one] : [])])
  return Object.entries(flags)
    .filter(([name]) => !given(name) && !excluded.includes(name))
    .map(([name, { describe }]) => ({ word: `--${name}`, meaning: describe }))
}

function valuesOfFlag(spec: FlagSpec | undefined): Completable | readonly string[] | undefined {
  if (spec?.type === 'choice') return spec.choices
  return spec?.type === 'string' ? spec.completes : undefined
}

async function valuesOf(wanted: Completable | readonly string[] | undefined, namesOf: NamesOf, config: string | undefined) {
  if (wanted === undefined) return []
  if (wanted === 'file') return 'files'
  if (typeof wanted === 'object') return wanted.map((word) => ({ word, meaning: '' }))
  return (await namesOf(wanted, config)).map((word) => ({ word, meaning: wanted.replace('-', ' ') }))
}

/** As the scripts of the shells read it. */
export function answerText(found: readonly Suggestion[] | 'files'): string {
  if (found === 'files') return `${FILES}\n`
  return found.map(({ word, meaning }) => `${word}\t${meaning}\n`).join('')
}
