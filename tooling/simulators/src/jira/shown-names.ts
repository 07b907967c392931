/** What is named once for a whole site, and can be given another name. */
export type NameKind = 'status' | 'issuetype' | 'priority' | 'resolution' | 'link' | 'option'

/**
 * Names that people see. In the world a status, an issue type and so on keep the name with which they began; that is
 * what issues are made with. A link type has a name for each of its two ways (`blocks`, `is blocked by`).
 */
export class ShownNames {
  readonly #names = new Map<string, string>()

  /** Touches no issue. */
  rename(kind: NameKind, name: string, shown: string): void {
    this.#names.set(`${kind} ${name}`, shown)
  }

  of(kind: NameKind, name: string): string {
    return this.#names.get(`${kind} ${name}`) ?? name
  }
}
