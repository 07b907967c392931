import type { AnyCommand } from './command-spec.ts'
import { nearest } from './nearest.ts'
import { didYouMean, seeHelp } from './see-help.ts'
import { usageError } from './usage-error.ts'

/** The words after a command, as one text. @throws LoaderError `usage` where the command takes none, needs one, or knows others. */
export function readOperand(command: AnyCommand, words: readonly string[]): string {
  if (command.operand === undefined) {
    if (words.length === 0) return ''
    throw usageError(`'${command.name}' takes no operand, and got '${words[0]}'.`, seeHelp(command.name))
  }
  const operand = words.join(' ').trim()
  const choices = typeof command.operandOf === 'object' ? command.operandOf : undefined
  if (operand === '') {
    throw usageError(`'${command.name}' needs ${command.operand}.`, choices === undefined ? seeHelp(command.name) : `Give one of: ${choices.join(', ')}.`)
  }
  if (choices === undefined || choices.includes(operand)) return operand
  const candidate = nearest(operand, choices)
  throw usageError(
    `'${command.name}' does not take '${operand}'.`,
    candidate === undefined ? `Give one of: ${choices.join(', ')}.` : didYouMean(candidate, command.name),
  )
}
