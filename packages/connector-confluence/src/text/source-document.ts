import type { SourceDocument, UpsertChange } from '@qdrant-loader/connector-sdk'
import type { Site } from '../site/base-url.ts'
import type { Head } from '../site/head.ts'
import { describe } from '../stub.ts'
import type { Surroundings } from '../stub.ts'
import type { Reading, Unread } from './reader.ts'

/**
 * Raised whenever the same bodies give another text or other metadata, apart from the conversion itself, which has a
 * version of its own.
 */
export const EXTRACTION_VERSION = 3

/** What a host is told of a document that was read. One whose text cannot be read has none: it is asked for again, alone. */
export function upsertOf(read: Reading | Unread, around: (head: Head) => Surroundings, site: Site): UpsertChange {
  if ('failure' in read) return { kind: 'upsert', stub: describe(read.head, around(read.head), site, undefined) }
  const document = sourceDocument(read, around(read.head), site)
  return { kind: 'upsert', stub: document.stub, document }
}

/** The document that a reading gives, where it stands. */
export function sourceDocument(reading: Reading, around: Surroundings, site: Site): SourceDocument {
  const { head, text, uses } = reading
  const empty = text.trim() === ''
  const includes = [...new Set((uses?.includes ?? []).flatMap(({ id }) => id ?? []))].sort()
  return {
    stub: describe(head, around, site, uses),
    text: empty ? '' : text,
    format: 'markdown',
    contentType: 'text/html',
    ...(includes.length > 0 && { dependsOn: includes }),
    ...(empty && { skipped: 'empty' }),
  }
}
