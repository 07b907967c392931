export type { Change, DeletionVerdict, Listing, Shortfall, UnreadableScope } from './change.ts'
export { defineConnector } from './connector.ts'
export type {
  ConnectorCapabilities,
  ConnectorContext,
  ConnectorFingerprints,
  ConnectorPlugin,
  Logger,
  OpenSource,
} from './connector.ts'
export type { ChangeDetector, Connector, DetectRequest, KnownDocument, KnownDocuments, Presence } from './detector.ts'
export type { DocumentLocation, DocumentStub, Scope, SkipReason, SourceDocument, TextFormat } from './document.ts'
export { isLoaderError, LoaderError } from './errors.ts'
export type { ErrorKind, LoaderErrorInit } from './errors.ts'
export { abortableSleep } from './abortable-sleep.ts'
export type { Json, JsonObject } from './json.ts'
export type { ProxySettings } from './proxy-settings.ts'
export { retryAfterMs } from './retry-after.ts'
export { DEFAULT_RETRY, Patience } from './retry-policy.ts'
export type { PassingFailure, PatienceDeps, RetryPolicy } from './retry-policy.ts'
export { markRetried, retrying, wasRetried } from './retrying.ts'
export type { RetryOptions } from './retrying.ts'
export type { Schema, SchemaIssue, SchemaResult } from './schema.ts'
