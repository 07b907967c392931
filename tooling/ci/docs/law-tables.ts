import { LAWS } from '../../../packages/connector-testkit/src/laws/laws.ts'
import { DEFECTS } from '../../../packages/connector-testkit/test/defects/defects.ts'
import { markdownTable } from './markdown-table.ts'

/** The groups of laws, with those first that lose data where they are broken. */
const GROUPS = ['trouble', 'recovery', 'parallel', 'detection', 'contract', 'histories'] as const

/** Every law of the conformance suite, what follows where it is broken, and the planted defects that it has to find. */
export function lawTables(): string {
  return GROUPS.map((group) => {
    const rows = LAWS[group].map(({ title, otherwise, needs }) => {
      const defects = Object.entries(DEFECTS).flatMap(([name, { law }]) => (law === title ? [name] : []))
      return [title, otherwise, needs.map((feature) => `\`${feature}\``).join(', '), defects.join('; ') || 'any that lasts']
    })
    return `### ${group}\n\n${markdownTable(['a connector …', 'otherwise', 'needs', 'found in a connector that …'], rows)}`
  }).join('\n\n')
}
