/** Issues that are remembered for a name. */
const WITNESSES = 3
/** Few, and on most issues: looked at by every listing. All other names take turns when there are too many. */
const ALWAYS = /^(?:project|issuetype|status|priority|resolution|link-inward|link-outward) /

/** An issue that shows a name. */
export interface Witness {
  readonly id: string
  /** In UTC, when it was recorded. */
  readonly updated: string | null
}

interface Shown {
  readonly names: Set<string>
  readonly by: Witness[]
}

/** Names as many issues show them, with some issues for each by which it can be looked up. */
export class NameSample {
  readonly #shown = new Map<string, Shown>()
  readonly #keysOf = new Map<string, string[]>()

  /** An issue shows these names, by kind and id. */
  add(issue: Witness, names: Iterable<readonly [key: string, name: string]>): void {
    for (const [key, name] of names) {
      const shown = this.#shown.get(key) ?? { names: new Set(), by: [] }
      this.#shown.set(key, shown)
      shown.names.add(name)
      if (shown.by.length >= WITNESSES) continue
      shown.by.push(issue)
      this.#keysOf.set(issue.id, [...(this.#keysOf.get(issue.id) ?? []), key])
    }
  }

  /** Keys in the order in which they take turns, beginning after one of them. */
  keysFrom(after: string | null): readonly string[] {
    const always = [...this.#shown.keys()].filter((key) => ALWAYS.test(key))
    const others = [...this.#shown.keys()].filter((key) => !ALWAYS.test(key)).toSorted()
    const start = after === null ? 0 : others.findIndex((key) => key > after)
    return start <= 0 ? [...always, ...others] : [...always, ...others.slice(start), ...others.slice(0, start)]
  }

  /** As few issues as show the names of these keys, and the keys that they cover: all, or as many as `most` issues do. */
  choose(keys: readonly string[], most: number): { readonly issues: readonly Witness[]; readonly keys: readonly string[] } {
    const chosen = new Map<string, Witness>()
    const covered: string[] = []
    for (const key of keys) {
      const by = this.#shown.get(key)?.by ?? []
      const [first] = by
      if (first !== undefined && !by.some(({ id }) => chosen.has(id))) {
        if (chosen.size >= most) break
        chosen.set(first.id, first)
      }
      covered.push(key)
    }
    return { issues: [...chosen.values()], keys: covered }
  }

  /** Further issues that show the names of these keys. `turn`: 1 for the second of each key, and so on. */
  others(keys: readonly string[], turn: number): readonly Witness[] {
    const issues = keys.flatMap((key) => this.#shown.get(key)?.by[turn] ?? [])
    return [...new Map(issues.map((issue) => [issue.id, issue])).values()]
  }

  /** Keys of names that an issue was remembered for. */
  keysOf(issueId: string): readonly string[] {
    return this.#keysOf.get(issueId) ?? []
  }

  /** True when some issue shows another name than is known now (undefined: none). */
  differsFrom(now: ReadonlyMap<string, string | undefined>): boolean {
    return [...this.#shown].some(([key, { names }]) => {
      if (!now.has(key)) return false
      const name = now.get(key)
      return names.size > 1 || name === undefined || !names.has(name)
    })
  }
}
