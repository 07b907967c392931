import type { Connection } from '../connection.ts'
import type { SourceRef } from '../records.ts'
import type { StateSession } from '../state-session.ts'
import type { SourceView } from './source-view.ts'

/** Some rows, and the key behind which the next ones start; no key after the last. */
export interface Page<Item, Key> {
  readonly items: readonly Item[]
  readonly next: Key | undefined
}

/** The page that was read with this limit. */
export function toPage<Item, Key>(items: readonly Item[], limit: number, keyOf: (item: Item) => Key): Page<Item, Key> {
  const last = items.length < limit ? undefined : items.at(-1)
  return { items, next: last === undefined ? undefined : keyOf(last) }
}

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
