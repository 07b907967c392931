import { v5 as uuidv5 } from 'uuid'
import type { SourceRef } from '../state/records.ts'

/** Namespace of every point id of this software; changing it would re-create every point. */
const NAMESPACE = '8f0f1f0e-6c0b-5d55-9b6e-0f5a3c1d7a42'

/**
 * A point's id: a function of what it is now, never of how it came to be (design 7). `occurrence` counts equal
 * embedder inputs inside one document from 0, so that a paragraph that stands twice has two points.
 */
export function pointId(ref: SourceRef, documentId: string, inputHash: string, occurrence: number): string {
  // A JSON array is unambiguous whatever characters the parts contain.
  return uuidv5(JSON.stringify([ref.project, ref.sourceType, ref.source, documentId, inputHash, occurrence]), NAMESPACE)
}
