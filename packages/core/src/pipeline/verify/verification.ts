import type { ReportedError, SourceReport, VerificationStatus } from '../context/report.ts'

/**
 * - `missing`: the state has it, the collection does not.
 * - `orphaned`: the collection has it under this source, and the state does not know it.
 * - `different`: its payload is not what was written. Vectors are not compared.
 */
export type DifferenceKind = 'missing' | 'orphaned' | 'different'

export type Differences = Readonly<Record<DifferenceKind, number>>

/** One point that is not as it should be. */
export interface Difference {
  readonly kind: DifferenceKind
  readonly point_id: string
  /** Null for a point that names none. */
  readonly document_id: string | null
}

/** What was found in one source. Snake case: this is the JSON that `verify --json` prints. */
export interface SourceVerification {
  readonly project: string
  readonly source_type: string
  readonly source: string
  /** `repaired`: there were differences, and a second comparison found none. */
  readonly status: VerificationStatus
  /** Documents that the state holds. */
  readonly documents: { readonly checked: number }
  /** What the comparison found, before any repair. `checked` are points of the collection and points that are missing. */
  readonly points: Differences & { readonly checked: number }
  /** The first differences of each kind, at most {@link EXAMPLES} a kind. */
  readonly examples: readonly Difference[]
  /** The sync that a repair ran, and what a second comparison found after it. Null without a repair. */
  readonly repair: { readonly sync: SourceReport; readonly left: Differences } | null
  readonly requests: { readonly store: number }
  readonly duration_ms: number
  readonly error: ReportedError | null
}

/** A source that the configuration does not name, and how many points it has. */
export interface UnconfiguredSource {
  readonly project: string
  readonly source_type: string
  readonly source: string
  readonly points: number
}

/** How many differences of each kind a report names. */
export const EXAMPLES = 20

/** The whole report. */
export interface VerificationReport {
  readonly status: VerificationStatus
  readonly sources: readonly SourceVerification[]
  /** No difference: another configuration may own them. */
  readonly unconfigured: readonly UnconfiguredSource[]
  readonly totals: Pick<SourceVerification, 'documents' | 'points' | 'requests'>
}

/** Failed before different before repaired: the one that needs most attention. */
const WORST_FIRST: readonly VerificationStatus[] = ['failed', 'different', 'unsynced', 'repaired']

/** The report of these sources. */
export function verificationReport(
  sources: readonly SourceVerification[],
  unconfigured: readonly UnconfiguredSource[],
): VerificationReport {
  const sum = (value: (source: SourceVerification) => number): number => sources.reduce((total, source) => total + value(source), 0)
  return {
    status: WORST_FIRST.find((status) => sources.some((source) => source.status === status)) ?? 'equal',
    sources,
    unconfigured,
    totals: {
      documents: { checked: sum(({ documents }) => documents.checked) },
      points: {
        checked: sum(({ points }) => points.checked),
        missing: sum(({ points }) => points.missing),
        orphaned: sum(({ points }) => points.orphaned),
        different: sum(({ points }) => points.different),
      },
      requests: { store: sum(({ requests }) => requests.store) },
    },
  }
}
