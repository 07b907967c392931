import { existsSync } from 'node:fs'
import { abortableSleep } from '@qdrant-loader/connector-sdk'
import { CHUNKING_VERSION, chunkText } from '@qdrant-loader/core/chunking'
import { IncrementalIngestionService } from '@qdrant-loader/core/pipeline'
import { openRehearsal } from '@qdrant-loader/core/rehearsal'
import type { Settings } from '@qdrant-loader/core/config'
import type { ProgressEvent, SourceJob } from '@qdrant-loader/core/pipeline'
import type { LeftSource } from '@qdrant-loader/core/state'
import type { CommandContext } from '../command-context.ts'
import { cacheDirectory } from './cache-directory.ts'
import { newStateNotice } from './new-state-notice.ts'
import { openEmbedder } from './open-embedder.ts'
import { openScratchState, openState } from './open-state.ts'
import { createStore } from './create-store.ts'
import { proxiesOf } from './proxies.ts'
import { statePlace } from './state-location.ts'
import { retryPolicyOf } from './retry-policy.ts'
import { watchedConnector } from './watched-connector.ts'

/** A service with its sources, and everything behind it open. */
export interface Service {
  readonly ingestion: IncrementalIngestionService
  readonly jobs: readonly SourceJob[]
  /** How often `--watch` looks at the source of this job, in milliseconds. */
  readonly intervalOf: (job: SourceJob) => number
  readonly sourcesAtOnce: number
  /** Sources that the configuration no longer names and that may have points. */
  readonly sourcesLeft: () => Promise<readonly LeftSource[]>
  close(): Promise<void>
}

/** A run that is over before does without the thread that watches signals, in milliseconds. */
const WATCH_AFTER_MS = 300

/** How the service is opened. */
export interface ServiceOptions {
  /** The state is a copy that one dry run may use, and that is thrown away. */
  readonly dryRun: boolean
  readonly onProgress: (event: ProgressEvent) => void
}

/** The composition root: from settings to a service. What was opened before something failed is closed again. */
export async function openService(
  context: CommandContext,
  settings: Settings,
  sources: Settings['sources'],
  options: ServiceOptions,
): Promise<Service> {
  const watch = (): void => context.host.watchSignals?.()
  // A run that will read everything has much to be busy with. Otherwise the thread waits for something to read (see
  // `watchedConnector`), since most runs find nothing to do.
  const readsAll = context.flags['full'] === true || !existsSync(statePlace(settings, context.host).path)
  if (readsAll) watch()
  const watching = setTimeout(watch, WATCH_AFTER_MS).unref()
  const opened: { close(): Promise<void> }[] = []
  const close = async (): Promise<void> => {
    clearTimeout(watching)
    // In the reverse order; one that fails to close must not keep the others open.
    const outcomes = await Promise.allSettled(opened.splice(0).toReversed().map((part) => part.close()))
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }
  const keep = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    opened.push(part)
    return part
  }
  try {
    const notice = newStateNotice(settings, context.host)
    if (notice !== undefined) await context.warn(notice)
    const state = keep(await (options.dryRun ? openScratchState(settings, context) : openState(settings, context, { readOnly: false })))
    const store = keep(createStore(settings, context))
    const embedder = keep(await openEmbedder(settings, context))
    const { metrics } = settings.global.monitoring
    const pipeline = pipelineSettings(settings)
    const ingestion = new IncrementalIngestionService({
      state,
      store,
      embedder,
      // A dry run has no other state than its scratch.
      rehearse: async () => openRehearsal({ scratch: options.dryRun ? state : await state.scratch(), store, embedder }),
      chunkText,
      chunkingVersion: CHUNKING_VERSION,
      settings: pipeline,
      metrics: { enabled: metrics.enabled, intervalMs: metrics.interval, retentionMs: metrics.retention },
      logger: context.logger,
      redact: context.vault.redact,
      holdsSecret: context.vault.holds,
      onProgress: options.onProgress,
      now: context.host.now,
      sleep: abortableSleep,
    })
    const intervals = new Map<SourceJob, number>()
    const jobs = sources.map((source) => {
      const job = jobOf(source, settings, context, watch)
      intervals.set(job, source.changeDetection.interval)
      return job
    })
    const sourcesLeft = () => state.sources.beside(settings.sources.map(({ project, sourceType, source }) => ({ project, sourceType, source })))
    const intervalOf = (job: SourceJob): number => intervals.get(job) ?? settings.global.change_detection.interval
    return { ingestion, jobs, intervalOf, sourcesAtOnce: pipeline.maxWorkers, sourcesLeft, close }
  } catch (error) {
    await close()
    throw error
  }
}

function pipelineSettings(settings: Settings) {
  const { ingestion, chunking } = settings.global
  return {
    batchSize: ingestion.batch.size,
    batchTimeoutMs: ingestion.batch.timeout,
    retry: retryPolicyOf(settings),
    maxWorkers: ingestion.parallel.max_workers,
    queueSize: ingestion.parallel.queue_size,
    documentTimeoutMs: ingestion.parallel.timeout,
    chunking: { chunkSize: chunking.chunk_size, chunkOverlap: chunking.chunk_overlap },
  }
}

function jobOf(source: Settings['sources'][number], settings: Settings, context: CommandContext, watch: () => void): SourceJob {
  const { project, sourceType, source: name, connector, config, changeDetection } = source
  if (connector === undefined) throw new TypeError(`the connector of ${name} was not loaded`)
  return {
    ref: { project, sourceType, source: name },
    plugin: watchedConnector(connector, watch),
    config,
    settings: {
      detectionTimeoutMs: changeDetection.timeout,
      maxDeleteRatio: changeDetection.max_delete_ratio,
      maxDeleteCount: changeDetection.max_delete_count,
      fullListingIntervalMs: changeDetection.full_listing_interval,
    },
    configDirectory: settings.directory,
    cacheDirectory: cacheDirectory(settings, sourceType, context.host),
    proxies: proxiesOf(context.host.env),
  }
}
