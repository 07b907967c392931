import type { IngestionRecord } from '@qdrant-loader/core/state'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { listFlags } from '../command-line/flags.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { readState } from '../composition/open-state.ts'
import { normalise } from '../composition/select-sources.ts'
import { ExitCode } from '../failure/exit-code.ts'
import { formatCount, formatDuration } from '../output/format-values.ts'
import { printable } from '../output/printable.ts'
import { spaceOf } from '../output/space-of.ts'
import { renderTable } from '../output/table.ts'
import { sourceLabel } from '../progress/source-label.ts'

const DEFAULT_LIMIT = 20

/** Lists past runs, the newest first. */
export async function history(context: CommandContext<FlagValues<typeof listFlags>>): Promise<CommandResult> {
  const { flags } = context
  const settings = await loadConfiguration(context, { connectors: false })
  const filter = { ...normalise(flags), limit: flags.limit ?? DEFAULT_LIMIT }
  const runs = await readState(context, settings, (state) => state.reports.history(filter), [])
  if (!context.json) await context.print(runs.length === 0 ? 'No run is recorded.\n' : await render(runs, context))
  return { exitCode: ExitCode.done, report: { status: 'succeeded', runs: runs.map(toJson) } }
}

async function render(runs: readonly IngestionRecord[], context: CommandContext<FlagValues<typeof listFlags>>): Promise<string> {
  const columns = [
    { name: 'started (UTC)' },
    { name: 'source', wraps: true },
    { name: 'mode', spare: 3 },
    { name: 'status' },
    { name: 'documents' },
    { name: 'embedded', align: 'right', spare: 2 },
    { name: 'time', align: 'right', spare: 1 },
    // Most runs end without one.
    ...(runs.some(({ error }) => error !== undefined) ? [{ name: 'error', wraps: true }] : []),
  ] as const
  const rows = runs.map((run) => [
    run.startedAt.toISOString().slice(0, 16).replace('T', ' '),
    sourceLabel(run.ref),
    run.mode,
    run.status,
    changesOf(run),
    run.counters === undefined ? '' : formatCount(run.counters.chunks.embedded),
    run.finishedAt === undefined ? '' : formatDuration(run.finishedAt.getTime() - run.startedAt.getTime()),
    printable(run.error ?? ''),
  ])
  return await renderTable(columns, rows, spaceOf(context))
}

/** `+12 ~3 -1`: added, updated or moved, deleted; only what there was. */
function changesOf({ counters }: IngestionRecord): string {
  if (counters === undefined) return ''
  const { added, updated, moved, deleted, held, failed } = counters.documents
  const parts = [
    ['+', added],
    ['~', updated + moved],
    ['-', deleted],
  ] as const
  const shown = parts.filter(([, count]) => count > 0).map(([sign, count]) => `${sign}${formatCount(count)}`)
  if (held > 0) shown.push(`${formatCount(held)} held`)
  if (failed > 0) shown.push(`${formatCount(failed)} failed`)
  return shown.length === 0 ? 'no change' : shown.join(' ')
}

function toJson(run: IngestionRecord): object {
  return {
    run_id: run.runId,
    project: run.ref.project,
    source_type: run.ref.sourceType,
    source: run.ref.source,
    mode: run.mode,
    status: run.status,
    started_at: run.startedAt.toISOString(),
    finished_at: run.finishedAt?.toISOString() ?? null,
    ...run.counters,
    error: run.error ?? null,
  }
}
