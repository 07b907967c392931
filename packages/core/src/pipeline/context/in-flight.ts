/**
 * The documents between classification and commit. What is decided about a document depends on what is recorded of
 * it, so a document that is named again is not classified before its earlier change is committed.
 */
export class InFlight {
  readonly #ids = new Set<string>()
  #waiting: { readonly ids: readonly string[]; readonly resolve: () => void }[] = []

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  add(id: string): void {
    this.#ids.add(id)
  }

  /** Called once these are committed. */
  remove(ids: Iterable<string>): void {
    for (const id of ids) this.#ids.delete(id)
    const ready = this.#waiting.filter((waiter) => !waiter.ids.some((id) => this.#ids.has(id)))
    this.#waiting = this.#waiting.filter((waiter) => !ready.includes(waiter))
    for (const waiter of ready) waiter.resolve()
  }

  /** Resolves when none of these is in flight. */
  async settled(ids: readonly string[]): Promise<void> {
    if (!ids.some((id) => this.#ids.has(id))) return
    await new Promise<void>((resolve) => this.#waiting.push({ ids, resolve }))
  }
}
