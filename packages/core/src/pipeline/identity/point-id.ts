import { hash } from 'node:crypto'
import type { SourceRef } from '../../state/records.ts'

/** Namespace of every point id of this software; changing it would re-create every point. */
const NAMESPACE = '8f0f1f0e-6c0b-5d55-9b6e-0f5a3c1d7a42'

/**
 * A point's id: a function of what it is now, never of how it came to be (design 7). `occurrence` counts equal
 * embedder inputs inside one document from 0, so that a paragraph that stands twice has two points.
 */
export function pointId(ref: SourceRef, documentId: string, inputHash: string, occurrence: number): string {
  // A JSON array is unambiguous whatever characters the parts contain.
  return uuidV5(JSON.stringify([ref.project, ref.sourceType, ref.source, documentId, inputHash, occurrence]), NAMESPACE)
}

/** The UUID of version 5 of a name in a namespace (RFC 9562, section 5.5). */
export function uuidV5(name: string, namespace: string): string {
  const digest = hash('sha1', Buffer.concat([Buffer.from(namespace.replaceAll('-', ''), 'hex'), Buffer.from(name)]), 'hex')
  // The variant takes the two highest bits of the ninth byte: 8, 9, a or b as its first digit.
  const variant = (0x8 | (Number.parseInt(digest.charAt(16), 16) & 0x3)).toString(16)
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}
