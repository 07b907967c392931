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
