import type { SourceDocument } from '@qdrant-loader/connector-sdk'
import type { Site } from './base-url.ts'
import { describe } from './describe.ts'
import type { Surroundings } from './describe.ts'
import type { Reading } from './reader.ts'

/**
 * Raised whenever the same bodies give another text or other metadata, apart from the conversion itself, which has a
 * version of its own.
 */
export const EXTRACTION_VERSION = 2

/** The document that a reading gives, where it stands. */
export function sourceDocument(reading: Reading, around: Surroundings, site: Site): SourceDocument {
  const { head, text, borrowed, includes } = reading
  const empty = text.trim() === ''
  return {
    stub: describe(head, around, site, borrowed),
    text: empty ? '' : text,
    format: 'markdown',
    contentType: 'text/html',
    ...(includes.length > 0 && { dependsOn: includes }),
    ...(empty && { skipped: 'empty' }),
  }
}
