import { removeSource } from '@qdrant-loader/core/pipeline'
import type { Settings } from '@qdrant-loader/core/config'
import type { SourceRef, StateManager } from '@qdrant-loader/core/state'
import type { SourcePoints, VectorStore } from '@qdrant-loader/core/store'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { removeFlags } from '../command-line/flags.ts'
import { createStore } from '../composition/create-store.ts'
import { findSource } from '../composition/find-source.ts'
import { forgetCache } from '../composition/forget-cache.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { openState } from '../composition/open-state.ts'
import { ExitCode } from '../failure/exit-code.ts'
import { printableName } from '../output/printable.ts'
import { sourceLabel } from '../progress/source-label.ts'
import { countsOf } from '../report/render-left.ts'

type RemoveContext = CommandContext<FlagValues<typeof removeFlags>>

/** A source that is to be removed, and what there is of it. */
interface Found {
  readonly ref: SourceRef
  readonly configured: boolean
  readonly documents: number
  readonly points: number
}

/**
 * Removes a source, configured or not: its points, its rows in the state, and what its connector keeps for it. It says
 * first how much that is, and asks; where nobody can be asked, `--yes` has to be given (I4).
 */
export async function remove(context: RemoveContext): Promise<CommandResult> {
  const settings = await loadConfiguration(context, { connectors: false })
  await using state = await openState(settings, context, { readOnly: false })
  const store = createStore(settings, context)
  try {
    const collection = await store.peek(context.signal)
    const counts = collection === undefined ? [] : await store.countBySource({}, context.signal)
    const found = await look(context.operand, settings, state, counts)
    if (!(await isMeant(found, store, context))) return { exitCode: ExitCode.held, report: { ...toJson(found), status: 'held' } }
    const removed = await removeSource(found.ref, { state, store, logger: context.logger, now: context.host.now }, { collection, signal: context.signal })
    const cache = await forgetCache(found.ref, settings, context)
    await tell(found, removed, settings, context)
    const report = { ...toJson(found), status: 'succeeded', documents: removed.documents, points: removed.points, cache }
    return { exitCode: ExitCode.done, report }
  } finally {
    await store.close()
  }
}

async function look(name: string, settings: Settings, state: StateManager, counts: readonly SourcePoints[]): Promise<Found> {
  const stored = counts.map(({ project_id: project, source_type: sourceType, source, points }) => ({ ref: { project, sourceType, source }, points }))
  const configured = settings.sources.map(({ project, sourceType, source }) => ({ project, sourceType, source }))
  const known = (await state.reports.sources()).map(({ ref }) => ref)
  const all = new Map([...configured, ...known, ...stored.map(({ ref }) => ref)].map((ref) => [keyOf(ref), ref]))
  const ref = findSource(name, [...all.values()])
  return {
    ref,
    configured: configured.some((other) => keyOf(other) === keyOf(ref)),
    documents: await state.documents.count(ref),
    points: stored.find((other) => keyOf(other.ref) === keyOf(ref))?.points ?? 0,
  }
}

async function isMeant(found: Found, store: VectorStore, context: RemoveContext): Promise<boolean> {
  const { flags, host, json, paint, signal } = context
  if (flags.yes) return true
  if (json || host.ask === undefined) {
    await context.warn(
      `${labelOf(found)}: nothing was removed. There are ${countsOf(found)} in ${store.location}.\n` +
        `If they are to go: qdrant-loader remove ${labelOf(found)} --yes\n`,
    )
    return false
  }
  const again = found.configured ? 'It is still configured, so that the next sync loads it again.\n' : ''
  await context.warn(`${paint.strong(labelOf(found))}: ${countsOf(found)} in ${store.location}.\n${again}`)
  const answer = await host.ask('Remove them? [y/N] ', signal)
  signal.throwIfAborted()
  const isYes = /^y(?:es)?$/i.test(answer.trim())
  if (!isYes) await context.warn('Nothing was removed.\n')
  return isYes
}

async function tell(found: Found, removed: Pick<Found, 'documents' | 'points'>, settings: Settings, context: RemoveContext): Promise<void> {
  await context.print(`${labelOf(found)} was removed: ${countsOf(removed)}.\n`)
  if (found.configured) {
    await context.warn(`It is still configured, and the next sync loads it again. Take it out of ${settings.file} first if it is to stay away.\n`)
  }
}

function labelOf({ ref }: Found): string {
  return printableName(sourceLabel(ref))
}

function toJson({ ref: { project, sourceType, source }, configured, documents, points }: Found): object {
  return { project, source_type: sourceType, source, configured, documents, points }
}

function keyOf({ project, sourceType, source }: SourceRef): string {
  return JSON.stringify([project, sourceType, source])
}
