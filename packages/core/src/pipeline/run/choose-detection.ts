import type { Json, Logger, Schema } from '@qdrant-loader/connector-sdk'
import type { Fingerprints, RunMode, SourceRecord } from '../../state/records.ts'
import { fingerprintsOf, sourceIsStale } from '../identity/fingerprints.ts'
import type { RunDependencies } from '../context/run-dependencies.ts'
import type { SourceJob } from '../context/source-job.ts'

/** How a run detects. */
export type Detection =
  | { readonly mode: 'full' }
  | { readonly mode: 'incremental'; readonly since: Json; readonly listingDue: boolean }

/** What the configuration is now, and how a run of it detects. */
export async function prepareDetection(
  job: SourceJob,
  deps: Pick<RunDependencies, 'settings' | 'chunkingVersion' | 'embedder' | 'now' | 'logger'>,
  source: SourceRecord | undefined,
  requested: RunMode,
): Promise<{ readonly fingerprints: Fingerprints; readonly detection: Detection }> {
  const fingerprints = fingerprintsOf({
    connector: job.plugin.fingerprints(job.config),
    chunking: deps.settings.chunking,
    chunkingVersion: deps.chunkingVersion,
    embedding: deps.embedder.fingerprint,
  })
  const detection = await chooseDetection({
    requested,
    source,
    fingerprints,
    cursorSchema: job.plugin.cursorSchema,
    fullListingIntervalMs: job.settings.fullListingIntervalMs,
    now: deps.now(),
    logger: deps.logger,
  })
  return { fingerprints, detection }
}

/**
 * Full when the user asks for it, at the first run, when a fingerprint changed (I12), and when the saved cursor is
 * not one that the connector can read. Else incremental, with a complete listing when one is due.
 */
async function chooseDetection(options: {
  readonly requested: RunMode
  readonly source: SourceRecord | undefined
  readonly fingerprints: Fingerprints
  readonly cursorSchema: Schema<unknown>
  readonly fullListingIntervalMs: number
  readonly now: number
  readonly logger: Logger
}): Promise<Detection> {
  const { source, logger } = options
  if (options.requested === 'full' || source?.cursor === undefined) return { mode: 'full' }
  if (sourceIsStale(source.fingerprints, options.fingerprints)) {
    logger.info('the configuration changed since the last complete run: everything is listed')
    return { mode: 'full' }
  }
  const parsed = await options.cursorSchema['~standard'].validate(source.cursor)
  if (parsed.issues !== undefined) {
    logger.warn('the saved cursor cannot be read by this version of the connector: everything is listed')
    return { mode: 'full' }
  }
  const elapsed = options.now - (source.lastListingAt?.getTime() ?? Number.NEGATIVE_INFINITY)
  return {
    mode: 'incremental',
    since: parsed.value as Json,
    // A clock that was set back would put the next listing off until it has caught up.
    listingDue: elapsed < 0 || elapsed >= options.fullListingIntervalMs,
  }
}
