import type { CommandContext } from '../command-context.ts'
import type { TableSpace } from './table.ts'

/** The room for a table on standard output: where it is no terminal, a row stays a line. */
export function spaceOf(context: Pick<CommandContext, 'stdout' | 'terminal' | 'paint'>): TableSpace {
  return { columns: context.stdout.stream.isTTY === true ? context.terminal.columns : Number.POSITIVE_INFINITY, paint: context.paint }
}
