import type { Project } from '../schemas.ts'

/**
 * The configured projects, and which of them can be read. A scope is the key as it is configured: that is known also
 * of a project that cannot be seen, and stays when the project is given another key.
 */
export class ProjectRoster {
  readonly #scopes = new Map<string, string>()
  readonly #readable: ReadonlyMap<string, Project>
  /** Every configured scope. */
  readonly scopes: readonly string[]

  constructor(keys: readonly string[], readable: ReadonlyMap<string, Project>) {
    this.scopes = keys
    this.#readable = readable
    for (const [key, { id }] of readable) {
      // Two keys of one project: the first one has its issues, the other is a scope without any.
      if (!this.#scopes.has(id)) this.#scopes.set(id, key)
    }
  }

  /** The same projects, of which those with these ids cannot be read. */
  without(projectIds: ReadonlySet<string>): ProjectRoster {
    return new ProjectRoster(this.scopes, new Map([...this.#readable].filter(([, { id }]) => !projectIds.has(id))))
  }

  get readableScopes(): readonly string[] {
    return this.scopes.filter((scope) => this.#readable.has(scope))
  }

  get hiddenScopes(): readonly string[] {
    return this.scopes.filter((scope) => !this.#readable.has(scope))
  }

  get readableIds(): readonly string[] {
    return [...this.#scopes.keys()]
  }

  projectOf(scope: string): Project | undefined {
    return this.#readable.get(scope)
  }

  scopeOf(projectId: string | undefined): string | undefined {
    return projectId === undefined ? undefined : this.#scopes.get(projectId)
  }
}
