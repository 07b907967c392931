import type { ErrorKind } from './errors.ts'

/** What the host does about an error. */
export interface ErrorTreatment {
  /** The call is made again, as often and for as long as the policy says. */
  readonly retried: boolean
  /**
   * While one document is read, that document fails: it goes to the failure ledger, and the others go on. Otherwise the
   * run of the source ends. Anywhere else (in a detection, in the store, in the state) every error ends it.
   */
  readonly failsAlone: boolean
}

/** By kind. The host goes by this table, and the documentation shows it. */
export const ERROR_KINDS: Readonly<Record<ErrorKind, ErrorTreatment>> = {
  config: { retried: false, failsAlone: false },
  auth: { retried: false, failsAlone: false },
  transient: { retried: true, failsAlone: true },
  document: { retried: false, failsAlone: true },
  internal: { retried: false, failsAlone: true },
}
