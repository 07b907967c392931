import type { PlannedChange, ProgressEvent, SyncReport } from '@qdrant-loader/core'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { planFlags } from '../command-line/flags.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { openService } from '../composition/open-service.ts'
import { sourcesToSync } from '../composition/select-sources.ts'
import { spaceOf } from '../output/space-of.ts'
import { createProgress } from '../progress/create-progress.ts'
import { exitCodeOfReport } from '../report/exit-code-of-report.ts'
import { renderPlan } from '../report/render-plan.ts'
import type { PlannedSource } from '../report/render-plan.ts'
import { renderAttention, renderSyncReport } from '../report/render-sync-report.ts'

type PlanContext = CommandContext<FlagValues<typeof planFlags>>

/** Says per document what a sync would do and why. Changes nothing. */
export async function plan(context: PlanContext): Promise<CommandResult> {
  return await planSources(context)
}

/** What `plan` and `sync --dry-run` share. */
export async function planSources(context: PlanContext): Promise<CommandResult> {
  const { flags, signal } = context
  const settings = await loadConfiguration(context, { connectors: true })
  const sources = sourcesToSync(settings, flags)
  const progress = createProgress(context, { endless: false })
  const changes = new Map<string, Map<string, PlannedChange>>()
  const onProgress = (event: ProgressEvent): void => {
    if (event.type !== 'planned') return progress.onProgress(event)
    const key = keyOf(event.ref.project, event.ref.sourceType, event.ref.source)
    const ofSource = changes.get(key) ?? new Map<string, PlannedChange>()
    // A document that is named twice: the last change counts.
    ofSource.set(event.change.document_id, event.change)
    changes.set(key, ofSource)
  }
  try {
    const service = await openService(context, settings, sources, { dryRun: true, onProgress })
    try {
      const report = await service.ingestion.sync(service.jobs, {
        mode: flags.full ? 'full' : 'incremental',
        dryRun: true,
        allowMassDelete: false,
        signal,
      })
      progress.close()
      const planned = withChanges(report, changes)
      if (!context.json) await context.print(renderPlan(planned.sources, context.paint) + (await renderSyncReport(report, spaceOf(context))))
      await context.warn(renderAttention(report))
      return { exitCode: exitCodeOfReport(report), report: planned }
    } finally {
      await service.close()
    }
  } finally {
    progress.close()
  }
}

function withChanges(
  report: SyncReport,
  changes: ReadonlyMap<string, ReadonlyMap<string, PlannedChange>>,
): SyncReport & { readonly sources: readonly PlannedSource[] } {
  const sources = report.sources.map((source) => {
    const planned = changes.get(keyOf(source.project, source.source_type, source.source))
    return { ...source, changes: [...(planned?.values() ?? [])] }
  })
  return { ...report, sources }
}

function keyOf(project: string, type: string, source: string): string {
  return JSON.stringify([project, type, source])
}
