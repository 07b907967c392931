/**
 * Names by kind and id (`status 3`, `person 5b10a28`, `issue 10017`). They belong to others, and change without the
 * `updated` of the issue that shows them. An issue that is shown by its key alone is known by the key as it was shown.
 */
export type Names = Readonly<Record<string, string>>

/** The key of a person's name. */
export function personKey(id: string): string {
  return `person ${id}`
}

/** The key of another issue's key. */
export function issueKey(idOrKey: string): string {
  return `issue ${idOrKey}`
}

/** Kind and id of a name's key. */
export function partsOf(key: string): { readonly kind: string; readonly id: string } {
  const space = key.indexOf(' ')
  return { kind: key.slice(0, space), id: key.slice(space + 1) }
}

/** True for what looks like the key of an issue. */
export function isIssueKey(text: string): boolean {
  return /^[A-Z][A-Z\d_]*-\d+$/.test(text)
}

/** Collects the names that a payload or a text shows, while it is made. What has no id is not followed. */
export class ShownNames {
  readonly #names: Record<string, string> = {}

  /** Notes a name, and returns it. */
  show<Name extends string | null | undefined>(kind: string, id: string | number | null | undefined, name: Name): Name {
    if (id !== undefined && id !== null && id !== '' && typeof name === 'string') this.#names[`${kind} ${id}`] = name
    return name
  }

  add(names: Names): void {
    Object.assign(this.#names, names)
  }

  get names(): Names {
    return this.#names
  }
}
