import type { IncrementalIngestionService } from '../incremental-ingestion-service.ts'
import type { SourceReport } from '../context/report.ts'
import type { SourceJob } from '../context/source-job.ts'
import { type SourceVerification, type VerificationReport, verificationReport } from './verification.ts'
import { keyOf, type VerifyOptions, verifySources } from './verify-sources.ts'

/**
 * Compares, and mends the sources that differ: what was found goes into the state, an ordinary sync of these sources
 * does what is to be done, and a second comparison tells what is left. Killed at any moment, the next sync goes on.
 *
 * @throws LoaderError when the collection cannot be read, or does not fit the configuration.
 */
export async function repairSources(
  jobs: readonly SourceJob[],
  service: IncrementalIngestionService,
  options: VerifyOptions & { readonly allowMassDelete: boolean },
): Promise<VerificationReport> {
  const { allowMassDelete, signal } = options
  const deps = service.dependencies
  const found = await verifySources(jobs.map((job) => job.ref), deps, { ...options, mark: true })
  const isDamaged = new Set(found.sources.filter(({ status }) => status === 'different').map(keyOfSource))
  const damaged = jobs.filter((job) => isDamaged.has(keyOf(job.ref)))
  if (damaged.length === 0) return found
  const sync = await service.sync(damaged, { mode: 'incremental', dryRun: false, allowMassDelete, signal })
  const after = await verifySources(damaged.map((job) => job.ref), deps, options)
  const syncs = new Map(sync.sources.map((report) => [keyOfSource(report), report]))
  const seconds = new Map(after.sources.map((source) => [keyOfSource(source), source]))
  const sources = found.sources.map((source) => mended(source, syncs.get(keyOfSource(source)), seconds.get(keyOfSource(source))))
  return verificationReport(sources, found.unconfigured)
}

function mended(found: SourceVerification, sync: SourceReport | undefined, after: SourceVerification | undefined): SourceVerification {
  if (sync === undefined || after === undefined) return found
  const { missing, orphaned, different } = after.points
  return {
    ...found,
    status: after.status === 'equal' ? 'repaired' : after.status,
    repair: { sync, left: { missing, orphaned, different } },
    requests: { store: found.requests.store + sync.requests.store + after.requests.store },
    duration_ms: found.duration_ms + sync.duration_ms + after.duration_ms,
    error: after.error,
  }
}

function keyOfSource({ project, source_type: sourceType, source }: Pick<SourceVerification, 'project' | 'source_type' | 'source'>): string {
  return keyOf({ project, sourceType, source })
}
