/** Items that are there already, as a stream. */
export async function* streamOf<Item>(items: readonly Item[]): AsyncGenerator<Item, void, undefined> {
  yield* items
}
