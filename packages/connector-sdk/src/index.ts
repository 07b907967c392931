export { abortableSleep } from './abortable-sleep.ts'
export type {
  Change,
  CheckpointChange,
  CompleteChange,
  DeleteChange,
  DeletionVerdict,
  Listing,
  MoveChange,
  Shortfall,
  SkipChange,
  UnreadableScope,
  UpsertChange,
} from './change.ts'
export type { ChangeDetector, Detection, DetectRequest, Presence } from './change-detector.ts'
export type { ConnectorContext } from './connector-context.ts'
export { defineConnector } from './connector-plugin.ts'
export type { ConnectorCapabilities, ConnectorFingerprints, ConnectorPlugin } from './connector-plugin.ts'
export type { ContentReader } from './content-reader.ts'
export type { DocumentLocation, DocumentStub, Scope, SkipReason, SourceDocument, TextFormat } from './document.ts'
export { ERROR_KINDS } from './error-kinds.ts'
export type { ErrorTreatment } from './error-kinds.ts'
export { isLoaderError, LoaderError } from './errors.ts'
export type { ErrorKind, LoaderErrorInit } from './errors.ts'
export { asDocumentError, codeOf, errorFrom, errorsOf } from './errors-of.ts'
export type { ErrorCircumstances, ErrorDescription, ErrorEntry, ErrorMaker, ErrorTable } from './errors-of.ts'
export type { Json, JsonObject } from './json.ts'
export type { KnownDocument, KnownDocuments } from './known-documents.ts'
export type { Logger } from './logger.ts'
export type { OpenedSource } from './opened-source.ts'
export type { ProxySettings } from './proxy-settings.ts'
export { PAUSE_HEADERS, retryAfterMs, serverTime } from './retry-after.ts'
export type { HeaderOf } from './retry-after.ts'
export { retryLoop } from './retry-loop.ts'
export type { RetryLoopOptions } from './retry-loop.ts'
export { DEFAULT_RETRY } from './retry-policy.ts'
export type { PassingFailure, PatienceDeps, RetryPolicy } from './retry-policy.ts'
export { markRetried, retrying, wasRetried } from './retrying.ts'
export type { RetryOptions } from './retrying.ts'
export type { Schema, SchemaIssue, SchemaResult } from './schema.ts'
export { Semaphore } from './semaphore.ts'
export { untilAborted } from './until-aborted.ts'
