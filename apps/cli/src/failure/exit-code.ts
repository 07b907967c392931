import type { ErrorKind } from '@qdrant-loader/connector-sdk'
import { INTERRUPTED } from '../stopping.ts'

/** The exit statuses of design section 9. */
export const ExitCode = {
  done: 0,
  /** Configuration or usage. */
  usage: 2,
  credentials: 3,
  /** A source or the store stayed unreachable. */
  unreachable: 4,
  /** Some documents failed. */
  documentsFailed: 5,
  /** Deletions are held. */
  held: 6,
  /** Another run holds the lease. */
  lease: 7,
  /** A defect of ours. */
  defect: 70,
} as const

/** Where several apply, the first of these is the status of the process. */
const PRECEDENCE: readonly number[] = [70, 2, 3, 4, 6, 5, 7, 0]

/** Codes of the errors that say that another run holds the lease of a source: from the start, or by now. */
const LEASE_CODES: readonly string[] = ['lease_held', 'lease_lost']

const BY_KIND: Readonly<Record<ErrorKind, number>> = {
  config: ExitCode.usage,
  auth: ExitCode.credentials,
  transient: ExitCode.unreachable,
  document: ExitCode.documentsFailed,
  internal: ExitCode.defect,
}

/** The status for one error. */
export function exitCodeOfError(error: { readonly code: string; readonly kind: ErrorKind }): number {
  return LEASE_CODES.includes(error.code) ? ExitCode.lease : BY_KIND[error.kind]
}

/** The status of the process when several apply; 0 for none. A number that is no status counts as a defect. */
export function worstExitCode(codes: readonly number[]): number {
  if (codes.some((code) => !PRECEDENCE.includes(code))) return ExitCode.defect
  return PRECEDENCE.find((code) => codes.includes(code)) ?? ExitCode.done
}

const BY_SIGNAL: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

/** 128 and the signal's number, as shells count: what a stopped run exits with. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return BY_SIGNAL[signal] ?? 130
}

/** Every status that a process can end with because of this error, for the documentation. */
export function exitStatusesOf(error: { readonly code: string; readonly kind: ErrorKind }): readonly number[] {
  return error.code === INTERRUPTED ? Object.values(BY_SIGNAL) : [exitCodeOfError(error)]
}
