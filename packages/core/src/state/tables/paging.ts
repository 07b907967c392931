import type { Scope } from '@qdrant-loader/connector-sdk'
import type { Connection } from '../connection.ts'
import { readScopes, scopePage } from './document-pages.ts'
import { nextDocumentIds, type SourceView } from './documents.ts'
import { toPage, type Page } from './page.ts'
import type { DocumentRecord, SourceRef } from '../records.ts'
import type { StateSession } from '../state-session.ts'

const ID_PAGE = 1_000

/**
 * Pages of rows of one source. Each is a read of its own that starts behind the last key, so rows may be changed
 * while they are walked, and nothing is held between two pages.
 */
export async function* pages<Item, Key>(
  session: StateSession,
  operation: string,
  ref: SourceRef,
  read: (db: Connection, view: SourceView, after: Key | undefined) => Page<Item, Key>,
): AsyncGenerator<readonly Item[]> {
  const none: Page<Item, Key> = { items: [], next: undefined }
  let after: Key | undefined
  do {
    const page = await session.readSource(operation, ref, {}, none, (db, view) => read(db, view, after))
    if (page.items.length > 0) yield page.items
    after = page.next
  } while (after !== undefined)
}

/** Ids of live documents, in the order of their UTF-8 bytes. */
export async function* liveIds(session: StateSession, ref: SourceRef, scope: Scope | undefined): AsyncGenerator<string> {
  const read = (db: Connection, { sourceId }: SourceView, after: string | undefined) =>
    toPage(nextDocumentIds(db, sourceId, { scope, after, limit: ID_PAGE }), ID_PAGE, (id) => id)
  for await (const ids of pages(session, 'documentIds', ref, read)) yield* ids
}

/** Live documents whose scope is none of these. Costs nothing for the documents of the scopes named. */
export async function* outside(
  session: StateSession,
  ref: SourceRef,
  scopes: readonly Scope[],
  pageSize: number,
): AsyncGenerator<readonly DocumentRecord[]> {
  const held = await session.readSource<readonly Scope[]>('documentsOutside', ref, {}, [], (db, { sourceId }) =>
    readScopes(db, sourceId),
  )
  for (const scope of held.filter((candidate) => !scopes.includes(candidate))) {
    yield* pages<DocumentRecord, string>(session, 'documentsOutside', ref, (db, view, after) =>
      scopePage(db, view, scope, after, pageSize),
    )
  }
}
