import type { AnyCommand } from './command-spec.ts'
import { nearest } from './nearest.ts'
import { didYouMean } from './see-help.ts'
import { usageError } from './usage-error.ts'

/**
 * The command that these words begin with.
 *
 * @throws LoaderError `usage`, naming the nearest command, or those of a group.
 */
export function findCommand(words: readonly string[], commands: readonly AnyCommand[]): AnyCommand {
  const [first = '', second] = words
  const found = commands.find((command) => command.name === first || command.name === `${first} ${second}`)
  if (found !== undefined) return found
  const members = commands.map((command) => command.name.split(' ')).filter(([group, member]) => group === first && member !== undefined)
  if (members.length > 0) {
    const names = members.map(([, member]) => member ?? '')
    if (second === undefined) {
      throw usageError(`'${first}' needs one of: ${names.join(', ')}.`, `For example: qdrant-loader ${first} ${names[0]}`)
    }
    throw usageError(`There is no command '${first} ${second}'.`, didYouMean(written(nearest(second, names), `${first} `), first))
  }
  const topLevel = [...new Set(commands.map((command) => command.name.split(' ')[0] ?? ''))]
  throw usageError(`There is no command '${first}'.`, didYouMean(written(nearest(first, topLevel), ''), undefined))
}

function written(candidate: string | undefined, group: string): string | undefined {
  return candidate === undefined ? undefined : `'qdrant-loader ${group}${candidate}'`
}
