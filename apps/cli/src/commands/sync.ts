import { abortableSleep, ERROR_KINDS } from '@qdrant-loader/connector-sdk'
import type { SourceReport, SyncReport } from '@qdrant-loader/core/pipeline'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { syncFlags } from '../command-line/flags.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { openService } from '../composition/open-service.ts'
import type { Service } from '../composition/open-service.ts'
import { sourcesToSync } from '../composition/select-sources.ts'
import { knownFailure } from '../failure/known-failure.ts'
import { spaceOf } from '../output/space-of.ts'
import { createProgress } from '../progress/create-progress.ts'
import { exitCodeOfReport } from '../report/exit-code-of-report.ts'
import { combineReports } from '../report/combine-reports.ts'
import { leftToJson, renderLeft } from '../report/render-left.ts'
import { renderAttention, renderKept, renderSyncReport } from '../report/render-sync-report.ts'
import { planSources } from './plan.ts'
import { watchSources } from './watch-sources.ts'

const STOPPED_WATCHING = 'Stopped. What was finished is kept, and the next run goes on from there.\n'

type SyncContext = CommandContext<FlagValues<typeof syncFlags>>

/** Brings the collection up to date with its sources, once or (`--watch`) again and again. */
export async function sync(context: SyncContext): Promise<CommandResult> {
  if (context.flags['dry-run']) return await planSources(context, { allowMassDelete: context.flags['allow-mass-delete'] })
  const { flags, signal } = context
  const settings = await loadConfiguration(context, { connectors: true })
  const sources = sourcesToSync(settings, flags)
  const progress = createProgress(context, { endless: flags.watch })
  try {
    const service = await openService(context, settings, sources, { dryRun: false, onProgress: progress.onProgress })
    try {
      const options = { mode: flags.full ? 'full' : 'incremental', dryRun: false, allowMassDelete: flags['allow-mass-delete'], signal } as const
      const report = flags.watch ? await watch(context, service, options) : await service.ingestion.sync(service.jobs, options)
      progress.close()
      if (!context.json) await context.print(await renderSyncReport(report, spaceOf(context)))
      await context.warn(renderAttention(report))
      const left = signal.aborted ? [] : await service.sourcesLeft()
      await context.warn(renderLeft(left))
      return {
        exitCode: exitCodeOfReport(report),
        report: { ...report, unconfigured: left.map(leftToJson) },
        stopped: flags.watch ? STOPPED_WATCHING : renderKept(report),
      }
    } finally {
      await service.close()
    }
  } finally {
    progress.close()
  }
}

type SyncOptions = Parameters<Service['ingestion']['sync']>[1]

/**
 * Each source at its own interval. What is wrong with one source, and a store that does not answer, is logged and
 * tried again; what only the user can change ends it. Answers the last report of every source.
 */
async function watch(context: SyncContext, service: Service, options: SyncOptions): Promise<SyncReport> {
  const { logger, log, host, signal } = context
  const last = new Map<string, SourceReport>()
  log.showErrors(true)
  await watchSources(
    service.jobs.map((job) => ({
      intervalMs: service.intervalOf(job),
      sync: async () => {
        try {
          const report = await service.ingestion.sync([job], options)
          for (const source of report.sources) {
            last.set(JSON.stringify(job.ref), source)
            if (source.error !== null) logger.error(source.error.message, { source: job.ref.source, code: source.error.code, hint: source.error.hint })
          }
        } catch (error) {
          const failure = knownFailure(error)
          if (!ERROR_KINDS[failure.kind].retried || signal.aborted) throw error
          logger.error(failure.message, { code: failure.code, hint: failure.hint })
        }
      },
    })),
    { atOnce: service.sourcesAtOnce, now: host.now, sleep: abortableSleep, signal },
  )
  return combineReports([...last.values()], options.mode)
}
