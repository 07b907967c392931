import type { Settings } from '@qdrant-loader/core/config'
import type { IngestionState, SourceRef } from '@qdrant-loader/core/state'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { reportFlags } from '../command-line/flags.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { readState } from '../composition/open-state.ts'
import { normalise, selectSources } from '../composition/select-sources.ts'
import { ExitCode } from '../failure/exit-code.ts'
import { formatAge, formatCount } from '../output/format-values.ts'
import { spaceOf } from '../output/space-of.ts'
import { renderTable } from '../output/table.ts'
import { sourceLabel } from '../progress/source-label.ts'
import { renderShortfalls } from '../report/render-shortfalls.ts'

type KnownSource = Awaited<ReturnType<IngestionState['reports']['sources']>>[number]

/** One source: as configured, as known to the state, or both. */
interface SourceStatus {
  readonly ref: SourceRef
  readonly configured: boolean
  readonly known: KnownSource | undefined
}

/** Shows where each source stands. Looks at the state only: no source and no store is asked. */
export async function status(context: CommandContext<FlagValues<typeof reportFlags>>): Promise<CommandResult> {
  const settings = await loadConfiguration(context, { connectors: false })
  const known = await readState(context, settings, (state) => state.reports.sources(), [])
  const sources = merge(settings, known, context.flags)
  const projects = settings.projects.filter(({ id }) => sources.some(({ ref }) => ref.project === id))
  if (!context.json) await context.print(renderProjects(projects, context) + (await render(sources, context)))
  return { exitCode: ExitCode.done, report: { status: 'succeeded', projects: projects.map(projectToJson), sources: sources.map(toJson) } }
}

function merge(settings: Settings, known: readonly KnownSource[], selection: FlagValues<typeof reportFlags>): SourceStatus[] {
  const wanted = normalise(selection)
  const inState = known.filter(
    ({ ref }) =>
      (wanted.project === undefined || ref.project === wanted.project) &&
      (wanted.sourceType === undefined || ref.sourceType === wanted.sourceType) &&
      (wanted.source === undefined || ref.source === wanted.source),
  )
  const byKey = new Map(inState.map((source) => [keyOf(source.ref), source]))
  // A source that was taken out of the configuration can still be asked for by name, as long as the state knows it.
  const configured = inState.length > 0 ? selectedOrNone(settings, selection) : selectSources(settings, selection)
  const rows = configured.map(({ project, sourceType, source }) => {
    const ref = { project, sourceType, source }
    return { ref, configured: true, known: byKey.get(keyOf(ref)) }
  })
  const named = new Set(rows.map(({ ref }) => keyOf(ref)))
  return [...rows, ...inState.filter(({ ref }) => !named.has(keyOf(ref))).map((source) => ({ ref: source.ref, configured: false, known: source }))]
}

function selectedOrNone(settings: Settings, selection: FlagValues<typeof reportFlags>) {
  const { project, sourceType, source } = normalise(selection)
  return settings.sources.filter(
    (candidate) =>
      (project === undefined || candidate.project === project) &&
      (sourceType === undefined || candidate.sourceType === sourceType) &&
      (source === undefined || candidate.source === source),
  )
}

/** What projects are about, where somebody said so. */
function renderProjects(projects: Settings['projects'], { paint }: Pick<CommandContext, 'paint'>): string {
  const lines = projects.flatMap(({ id, displayName, description }) => {
    if (displayName === id && description === undefined) return []
    const named = displayName === id ? paint.strong(id) : `${paint.strong(id)}: ${displayName}`
    return [description === undefined ? named : `${named}\n  ${description.trim().replaceAll('\n', '\n  ')}`]
  })
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`
}

function projectToJson({ id, displayName, description }: Settings['projects'][number]): object {
  return { project: id, display_name: displayName, description: description ?? null }
}

async function render(sources: readonly SourceStatus[], context: CommandContext<FlagValues<typeof reportFlags>>): Promise<string> {
  if (sources.length === 0) return 'No source is configured.\n'
  const now = context.host.now()
  const columns = [
    { name: 'source' },
    { name: 'documents', align: 'right' },
    { name: 'chunks', align: 'right', spare: 2 },
    { name: 'synced', wraps: true },
    { name: 'failed', align: 'right' },
    { name: 'held', align: 'right' },
    // Most of the time there is nothing to note.
    ...(sources.some((source) => noteOf(source, now) !== '') ? [{ name: 'note', wraps: true }] : []),
  ] as const
  const rows = sources.map(({ ref, configured, known }) => [
    sourceLabel(ref),
    formatCount(known?.documents ?? 0),
    formatCount(known?.chunks ?? 0),
    syncedOf(known, now),
    formatCount(known?.failures ?? 0),
    formatCount(known?.heldDeletions ?? 0),
    noteOf({ configured, known }, now),
  ])
  const table = await renderTable(columns, rows, spaceOf(context))
  const shortfalls = sources.flatMap(({ ref, known }) => renderShortfalls(sourceLabel(ref), known?.shortfalls ?? {}, context.paint))
  return shortfalls.length === 0 ? table : `${table}\n${shortfalls.join('\n')}\n`
}

/** When it was last in order; otherwise how the last run ended. What that one kept is in the counts. */
function syncedOf(known: KnownSource | undefined, now: number): string {
  if (known?.lastSuccessAt !== undefined || known?.lastRun === undefined) return formatAge(known?.lastSuccessAt, now)
  const { status, at } = known.lastRun
  return status === 'running' ? 'not yet' : `${status} ${formatAge(at, now)}`
}

const WELL: readonly string[] = ['succeeded', 'running']

function noteOf({ configured, known }: Pick<SourceStatus, 'configured' | 'known'>, now: number): string {
  const notes = configured ? [] : ['no longer configured']
  if (known?.lastSuccessAt !== undefined && known.lastRun !== undefined && !WELL.includes(known.lastRun.status)) {
    notes.push(`the last run: ${known.lastRun.status} ${formatAge(known.lastRun.at, now)}`)
  }
  if (known?.lease !== undefined) notes.push(`being synced by ${known.lease.holder}, since ${formatAge(known.lease.acquiredAt, now)}`)
  return notes.join('; ')
}

function toJson({ ref, configured, known }: SourceStatus): object {
  return {
    project: ref.project,
    source_type: ref.sourceType,
    source: ref.source,
    configured,
    documents: known?.documents ?? 0,
    chunks: known?.chunks ?? 0,
    failed: known?.failures ?? 0,
    held: known?.heldDeletions ?? 0,
    shortfalls: known?.shortfalls ?? {},
    last_success_at: known?.lastSuccessAt?.toISOString() ?? null,
    last_run: known?.lastRun === undefined ? null : { status: known.lastRun.status, at: known.lastRun.at.toISOString() },
    last_listing_at: known?.lastListingAt?.toISOString() ?? null,
    running:
      known?.lease === undefined
        ? null
        : { holder: known.lease.holder, since: known.lease.acquiredAt.toISOString(), heartbeat_at: known.lease.heartbeatAt.toISOString() },
  }
}

function keyOf(ref: SourceRef): string {
  return JSON.stringify([ref.project, ref.sourceType, ref.source])
}
