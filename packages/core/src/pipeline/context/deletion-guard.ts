/** Bounds of the guard (configuration: `change_detection`). */
export interface DeletionBounds {
  /** Share of what was held before, 0 to 1, above which a deletion is held. */
  readonly maxDeleteRatio: number
  /** Number of documents up to which nothing is held, whatever the share. */
  readonly maxDeleteCount: number
}

/**
 * I4: more documents than the count *and* a larger share than the ratio of what was held before.
 *
 * @param deletion `removed` of `held` is the share; both count documents, or both points.
 */
export function isMassDeletion(
  deletion: { readonly documents: number; readonly removed: number; readonly held: number },
  { maxDeleteCount, maxDeleteRatio }: DeletionBounds,
): boolean {
  return deletion.documents > maxDeleteCount && deletion.removed > maxDeleteRatio * deletion.held
}
