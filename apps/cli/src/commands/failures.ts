import type { FailureRecord } from '@qdrant-loader/core/state'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { listFlags } from '../command-line/flags.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { readState } from '../composition/open-state.ts'
import { normalise } from '../composition/select-sources.ts'
import { ExitCode } from '../failure/exit-code.ts'
import { formatAge } from '../output/format-values.ts'
import { printable, printableName } from '../output/printable.ts'
import { sourceLabel } from '../progress/source-label.ts'

const DEFAULT_LIMIT = 20

/** Lists the failure ledger: what every next run tries again (I10). */
export async function failures(context: CommandContext<FlagValues<typeof listFlags>>): Promise<CommandResult> {
  const { flags } = context
  const settings = await loadConfiguration(context, { connectors: false })
  const filter = { ...normalise(flags), limit: flags.limit ?? DEFAULT_LIMIT }
  const records = await readState(context, settings, (state) => state.reports.failures(filter), [])
  if (!context.json) await context.print(records.length === 0 ? 'No document failed.\n' : render(records, context))
  return { exitCode: ExitCode.done, report: { status: 'succeeded', failures: records.map(toJson) } }
}

/** Blocks instead of a table: reasons and instructions are sentences. */
function render(records: readonly FailureRecord[], context: CommandContext<FlagValues<typeof listFlags>>): string {
  const { paint, host } = context
  const blocks = records.map((record) => {
    const times = record.attempts === 1 ? 'once' : `${record.attempts} times, the last`
    return [
      `${paint.strong(printableName(record.documentId))}  ${paint.faint(sourceLabel(record.ref))}`,
      `  ${printable(record.message)}`,
      `  To fix it: ${printable(record.hint)}`,
      paint.faint(`  Failed ${times} ${formatAge(record.lastFailedAt, host.now())} (${record.code})`),
    ].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}

function toJson(record: FailureRecord): object {
  return {
    project: record.ref.project,
    source_type: record.ref.sourceType,
    source: record.ref.source,
    document_id: record.documentId,
    url: record.stub.location.url,
    code: record.code,
    message: record.message,
    hint: record.hint,
    attempts: record.attempts,
    first_failed_at: record.firstFailedAt.toISOString(),
    last_failed_at: record.lastFailedAt.toISOString(),
  }
}
