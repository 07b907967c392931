import { existsSync } from 'node:fs'
import { repairSources, verifySources } from '@qdrant-loader/core/pipeline'
import type { Settings } from '@qdrant-loader/core/config'
import type { VerificationReport } from '@qdrant-loader/core/pipeline'
import type { SourceRef } from '@qdrant-loader/core/state'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { verifyFlags } from '../command-line/flags.ts'
import { createStore } from '../composition/create-store.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { openService } from '../composition/open-service.ts'
import { openState } from '../composition/open-state.ts'
import { pointFilter } from '../composition/point-filter.ts'
import { selectSources } from '../composition/select-sources.ts'
import { stateLocation } from '../composition/state-location.ts'
import { spaceOf } from '../output/space-of.ts'
import { createProgress } from '../progress/create-progress.ts'
import type { ProgressReporter } from '../progress/progress-reporter.ts'
import { exitCodeOfVerification } from '../report/exit-code-of-verification.ts'
import { renderVerification, renderVerificationAttention } from '../report/render-verification.ts'

type VerifyContext = CommandContext<FlagValues<typeof verifyFlags>>

/** Compares what the state says with what the collection holds, and (`--repair`) makes them equal again. */
export async function verify(context: VerifyContext): Promise<CommandResult> {
  const { flags } = context
  const settings = await loadConfiguration(context, { connectors: flags.repair })
  const sources = selectSources(settings, flags)
  const progress = createProgress(context, { endless: false, doing: 'verify' })
  try {
    const report = await (flags.repair ? repair : compare)(context, settings, sources, progress)
    progress.close()
    if (!context.json) await context.print(await renderVerification(report, spaceOf(context)))
    await context.warn(renderVerificationAttention(report))
    return { exitCode: exitCodeOfVerification(report), report }
  } finally {
    progress.close()
  }
}

/** Needs no connector and no embedder, and writes nothing but leases: a state of an older version is not migrated. */
async function compare(
  context: VerifyContext,
  settings: Settings,
  sources: Settings['sources'],
  { onProgress }: ProgressReporter,
): Promise<VerificationReport> {
  const { host, logger } = context
  // Without a file nobody can be writing it, and none is made.
  const readOnly = !existsSync(stateLocation(settings, host))
  await using state = await openState(settings, context, { readOnly, migrate: false })
  const store = createStore(settings, context)
  const { max_workers: maxWorkers, queue_size: queueSize } = settings.global.ingestion.parallel
  try {
    return await verifySources(
      sources.map(refOf),
      { state, store, logger, onProgress, now: host.now, settings: { maxWorkers, queueSize } },
      optionsOf(context, settings),
    )
  } finally {
    await store.close()
  }
}

async function repair(
  context: VerifyContext,
  settings: Settings,
  sources: Settings['sources'],
  progress: ProgressReporter,
): Promise<VerificationReport> {
  const service = await openService(context, settings, sources, { dryRun: false, onProgress: progress.onProgress })
  try {
    return await repairSources(service.jobs, service.ingestion, {
      ...optionsOf(context, settings),
      allowMassDelete: context.flags['allow-mass-delete'],
    })
  } finally {
    await service.close()
  }
}

function optionsOf({ flags, signal }: VerifyContext, settings: Settings) {
  return { configured: settings.sources.map(refOf), filter: pointFilter(flags), signal }
}

function refOf({ project, sourceType, source }: Settings['sources'][number]): SourceRef {
  return { project, sourceType, source }
}
