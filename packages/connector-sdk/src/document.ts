import type { Json, JsonObject } from './json.ts'

/**
 * What one listing can vouch for alone: a space, a project, a branch, a site. Free text, unique inside a source.
 * A scope that could not be listed stops no other scope, and nothing in it is swept.
 */
export type Scope = string

/** Where a reader finds a document. */
export interface DocumentLocation {
  /** Absolute URL for a person, or a `file:` URL. Payload only: it may change without a new version. */
  readonly url: string
  /** Path inside the source, with `/` between segments. Default: the source has no paths. */
  readonly path?: string | undefined
  /**
   * Only when every listing knows it (a page's title). A title that is read from the content belongs in
   * `SourceDocument.title`. Default: that one, otherwise the last part of the path, otherwise the id.
   */
  readonly title?: string | undefined
}

/** What a listing says of a document without its content. */
export interface DocumentStub {
  /** Identity inside the source. Survives renames where the source has such an identity. */
  readonly id: string
  /** The scope whose complete listing contains this document. */
  readonly scope: Scope
  /** Differs whenever the content differs: blob id, page version, `updated`, ETag. */
  readonly contentVersion: string
  /**
   * Differs whenever `location`, `metadata` or the times differ. With an unchanged `contentVersion` a new
   * `metadataVersion` updates payloads only: nothing is fetched or embedded. Default: the host hashes those fields.
   */
  readonly metadataVersion?: string | undefined
  readonly location: DocumentLocation
  /** Goes to `metadata` in each point's payload. Nothing in it may depend on when or how often a sync ran. Default: nothing. */
  readonly metadata?: JsonObject | undefined
  /** ISO 8601 in UTC. Only a time on which an incremental and a clean build agree belongs here. Default: it is not known. */
  readonly createdAt?: string | undefined
  /** ISO 8601 in UTC. As `createdAt`. */
  readonly updatedAt?: string | undefined
  /**
   * What the detector wants back from `known.of(id)` next time (validators, times). Never enters the payload. A
   * document that is named again at the same versions gets these in the place of the recorded ones. Default: nothing.
   */
  readonly validators?: Json | undefined
}

/** How the text of a document is cut: by heading path, by top-level blocks, or by paragraphs. */
export type TextFormat = 'markdown' | 'code' | 'text'

/** A document with its content. */
export interface SourceDocument {
  /** As fetched: where the source moved on since the listing, this names the newer version. */
  readonly stub: DocumentStub
  /** The whole text; empty when `skipped` is set. */
  readonly text: string
  /** Title found in the content. `stub.location.title` wins where the listing has one. Default: see there. */
  readonly title?: string | undefined
  /**
   * Metadata found in the content, which changes only with it. Merged under `stub.metadata` in the payload; the two
   * never share a key.
   */
  readonly metadata?: JsonObject | undefined
  readonly format: TextFormat
  /** Programming language for `code` (a lower-case name such as `typescript`), natural language otherwise. Default: unknown. */
  readonly language?: string | undefined
  /** MIME type for the payload's `content_type`. */
  readonly contentType: string
  /** Ids of documents whose change must refresh this one (included pages). Default: none. */
  readonly dependsOn?: readonly string[] | undefined
  /** Set when the document holds no text to index. It is recorded, and not looked at again at this version. */
  readonly skipped?: SkipReason | undefined
}

/**
 * Why something in the source is not indexed: a short stable word for counting (`binary`, `lfs-pointer`, `symlink`,
 * `submodule`, `too-large`, `undecodable`, `empty`, …).
 */
export type SkipReason = string
