import type { ConnectorFingerprints } from '@qdrant-loader/connector-sdk'
import type { ChunkingOptions } from '../../chunking/chunker.ts'
import type { Fingerprints } from '../../state/records.ts'
import { canonicalJson, sha256 } from './hashing.ts'
import { PAYLOAD_VERSION } from './payload.ts'

/** The five fingerprints of a source (I12). */
export function fingerprintsOf(parts: {
  readonly connector: ConnectorFingerprints
  readonly chunking: ChunkingOptions
  readonly chunkingVersion: number | string
  readonly embedding: string
}): Fingerprints {
  return {
    selection: sha256(canonicalJson(parts.connector.selection)),
    extraction: sha256(canonicalJson(parts.connector.extraction)),
    chunking: sha256(
      canonicalJson({
        version: parts.chunkingVersion,
        size: parts.chunking.chunkSize,
        overlap: parts.chunking.chunkOverlap,
      }),
    ),
    embedding: parts.embedding,
    payload: String(PAYLOAD_VERSION),
  }
}

/** True when a document made with `before` has to be read again: everything but the selection decides that. */
export function documentIsStale(before: Fingerprints, now: Fingerprints): boolean {
  return (
    before.extraction !== now.extraction ||
    before.chunking !== now.chunking ||
    before.embedding !== now.embedding ||
    before.payload !== now.payload
  )
}

/** True when a source's last complete run cannot be built upon: its next detection is full. */
export function sourceIsStale(before: Fingerprints | undefined, now: Fingerprints): boolean {
  return before === undefined || before.selection !== now.selection || documentIsStale(before, now)
}
