/** Work under way for a line of things, finished in the order of the line. */
export class LookAhead<Item, Result> {
  readonly #width: number
  readonly #underway: { readonly item: Item; readonly result: Promise<Result> }[] = []

  /** @param width how many are under way at once */
  constructor(width: number) {
    this.#width = width
  }

  get size(): number {
    return this.#underway.length
  }

  get hasRoom(): boolean {
    return this.#underway.length < this.#width
  }

  start(item: Item, result: Promise<Result>): void {
    // Whoever stops early never looks at it; whoever waits for it sees the rejection all the same.
    result.catch(() => {})
    this.#underway.push({ item, result })
  }

  /** The first of the line, once it is done; undefined when nothing is under way. */
  async next(): Promise<{ readonly item: Item; readonly result: Result } | undefined> {
    const first = this.#underway.shift()
    return first && { item: first.item, result: await first.result }
  }
}

/** Calls for each item, `width` at once, and yields the results in order. */
export async function* mapAhead<Item, Result>(
  items: AsyncIterable<Item>,
  width: number,
  call: (item: Item) => Promise<Result>,
): AsyncGenerator<{ readonly item: Item; readonly result: Result }> {
  const ahead = new LookAhead<Item, Result>(width)
  for await (const item of items) {
    ahead.start(item, call(item))
    if (ahead.hasRoom) continue
    const done = await ahead.next()
    if (done) yield done
  }
  for (let done = await ahead.next(); done !== undefined; done = await ahead.next()) yield done
}
