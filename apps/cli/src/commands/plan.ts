import { DocumentChanges } from '@qdrant-loader/core/pipeline'
import type { ProgressEvent, SyncReport } from '@qdrant-loader/core/pipeline'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { planFlags } from '../command-line/flags.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { openService } from '../composition/open-service.ts'
import { sourcesToSync } from '../composition/select-sources.ts'
import { spaceOf } from '../output/space-of.ts'
import { createProgress } from '../progress/create-progress.ts'
import { exitCodeOfReport } from '../report/exit-code-of-report.ts'
import { renderPlan, renderPlanLine } from '../report/render-plan.ts'
import type { PlannedReport } from '../report/render-plan.ts'
import { renderAttention, renderSyncReport } from '../report/render-sync-report.ts'

type PlanContext = CommandContext<FlagValues<typeof planFlags>>

/** Says per document what a sync would do and why. Changes nothing. */
export async function plan(context: PlanContext): Promise<CommandResult> {
  return await planSources(context, { allowMassDelete: false })
}

/** What `plan` and `sync --dry-run` share. */
export async function planSources(context: PlanContext, { allowMassDelete }: { readonly allowMassDelete: boolean }): Promise<CommandResult> {
  const { flags, signal } = context
  const settings = await loadConfiguration(context, { connectors: true })
  const sources = sourcesToSync(settings, flags)
  const progress = createProgress(context, { endless: false })
  const changes = new DocumentChanges()
  const onProgress = (event: ProgressEvent): void => {
    changes.take(event)
    progress.onProgress(event)
  }
  try {
    const service = await openService(context, settings, sources, { dryRun: true, onProgress })
    try {
      const report = await service.ingestion.sync(service.jobs, {
        mode: flags.full ? 'full' : 'incremental',
        dryRun: true,
        allowMassDelete,
        signal,
      })
      progress.close()
      const planned = withChanges(report, changes)
      if (!context.json) await context.print(renderPlan(planned.sources, context.paint) + (await renderSyncReport(report, spaceOf(context))))
      await context.warn(renderAttention(report))
      if (!context.json) await context.print(renderPlanLine(planned))
      return { exitCode: exitCodeOfReport(report), report: planned, stopped: 'Stopped. A plan changes nothing.\n' }
    } finally {
      await service.close()
    }
  } finally {
    progress.close()
  }
}

function withChanges(report: SyncReport, changes: DocumentChanges): PlannedReport {
  const sources = report.sources.map((part) => {
    const { project, source_type: sourceType, source } = part
    return { ...part, changes: changes.of({ project, sourceType, source }) }
  })
  return { ...report, sources }
}
