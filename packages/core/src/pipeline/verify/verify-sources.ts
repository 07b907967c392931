import { ParallelProcessor } from '../../performance/parallel-processor.ts'
import type { SourceRef } from '../../state/records.ts'
import type { PointFilter, SourcePoints } from '../../store/vector-store.ts'
import type { PipelineSettings } from '../context/run-context.ts'
import { type UnconfiguredSource, type VerificationReport, verificationReport } from './verification.ts'
import { type VerifyDependencies, verifySource } from './verify-source.ts'

/** What is compared. */
export interface VerifyOptions {
  /** Every source of the configuration, also those that are not compared now. */
  readonly configured: readonly SourceRef[]
  /** Which other sources are listed: those with points that match. */
  readonly filter: PointFilter
  readonly signal: AbortSignal
}

/** What comparing several sources works with. */
export interface VerifySourcesDependencies extends VerifyDependencies {
  readonly settings: Pick<PipelineSettings, 'maxWorkers' | 'queueSize'>
}

/**
 * Compares what the state says of these sources with what the collection holds, up to `maxWorkers` of them side by
 * side. Nothing is changed but, for its time, the lease of each. What goes wrong with one source is in its report.
 *
 * @throws LoaderError when the collection cannot be read.
 */
export async function verifySources(
  refs: readonly SourceRef[],
  deps: VerifySourcesDependencies,
  options: VerifyOptions & { readonly mark?: boolean },
): Promise<VerificationReport> {
  const { mark = false, signal } = options
  const collection = await deps.store.peek(signal)
  const counts = collection === undefined ? [] : await deps.store.countBySource(options.filter, signal)
  const pointsOf = new Map(counts.map((count) => [keyOf(refOf(count)), count.points]))
  const outcomes = await new ParallelProcessor(deps.settings).processSources(refs, (ref) =>
    verifySource(ref, deps, { collection, points: pointsOf.get(keyOf(ref)) ?? 0, mark, signal }),
  )
  const sources = outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
  return verificationReport(sources, unconfigured(counts, options.configured))
}

function unconfigured(counts: readonly SourcePoints[], configured: readonly SourceRef[]): readonly UnconfiguredSource[] {
  const known = new Set(configured.map(keyOf))
  return counts
    .map((count) => ({ key: keyOf(refOf(count)), count }))
    .filter(({ key }) => !known.has(key))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ count: { project_id: project, ...rest } }) => ({ project, ...rest }))
}

function refOf({ project_id: project, source_type: sourceType, source }: SourcePoints): SourceRef {
  return { project, sourceType, source }
}

/** Tells sources apart. */
export function keyOf({ project, sourceType, source }: SourceRef): string {
  return JSON.stringify([project, sourceType, source])
}
