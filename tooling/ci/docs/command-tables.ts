import { commands } from '../../../apps/cli/src/commands.ts'
import type { FlagSpec, FlagSpecs } from '../../../apps/cli/src/command-line/command-spec.ts'
import { markdownTable } from './markdown-table.ts'

/** Every command with its flags, as the parser and the help have them. */
export function commandSections(): string {
  return commands
    .map(({ name, operand, summary, flags }) => {
      const rows = Object.entries(flags as FlagSpecs).map(([flag, spec]) => [`\`--${flag}${valueOf(spec)}\``, spec.describe])
      const table = rows.length === 0 ? '' : `\n\n${markdownTable(['flag', 'what it does'], rows)}`
      return `### ${[name, operand].filter((word) => word !== undefined).join(' ')}\n\n${summary}${table}`
    })
    .join('\n\n')
}

function valueOf(spec: FlagSpec): string {
  if (spec.type === 'boolean') return ''
  return ` ${spec.type === 'choice' ? spec.choices.join('|') : spec.value}`
}
