import type { Scope } from './document.ts'
import type { Json } from './json.ts'

/** What the host remembers of a document. */
export interface KnownDocument {
  readonly id: string
  readonly scope: Scope
  readonly contentVersion: string
  readonly metadataVersion: string
  readonly validators: Json | undefined
}

/** A look-up into the host's state; never the whole list in memory. Tombstones and staged deletions are not in it. */
export interface KnownDocuments {
  /** The document as last committed, or undefined. */
  of(id: string): Promise<KnownDocument | undefined>
  /** The same for many at once; ids that are not known are absent from the result. Use it in batches of up to 1,000. */
  ofMany(ids: readonly string[]): Promise<ReadonlyMap<string, KnownDocument>>
  /** Ids in ascending order of their UTF-8 bytes, as a stream. */
  ids(scope: Scope): AsyncIterable<string>
}
