import type { Change, DocumentStub } from '@qdrant-loader/connector-sdk'

/** The stubs that changes name. */
export function stubsOf(changes: readonly Change<unknown>[]): DocumentStub[] {
  return changes.flatMap((change) => (change.kind === 'upsert' || change.kind === 'move' ? [change.stub] : []))
}

/** What changes say of documents, apart from cursors. */
export function named(changes: readonly Change<unknown>[]): readonly unknown[] {
  return changes.flatMap((change): readonly unknown[] => {
    if (change.kind === 'upsert' || change.kind === 'move') return [[change.kind, change.stub.id, change.stub.contentVersion]]
    return change.kind === 'delete' || change.kind === 'skip' ? [[change.kind, change.id]] : []
  })
}
