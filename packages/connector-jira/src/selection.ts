import { isOneOf, withoutOrder } from './api/jql.ts'
import type { JiraConfig } from './config.ts'
import type { ProjectRoster } from './source/project-roster.ts'

/** What is known of an issue without its text. */
export interface Selectable {
  readonly projectId?: string
  readonly status?: { readonly id?: string | undefined; readonly name: string } | null | undefined
  readonly type?: { readonly id?: string | undefined; readonly name: string } | null | undefined
}

/** The one scope of a source that is given by a query. */
export const QUERY_SCOPE = 'jql'

/** Which issues a configuration selects, as a query and as a test. */
export class IssueSelection {
  readonly #statuses: ReadonlySet<string> | undefined
  readonly #types: ReadonlySet<string> | undefined
  readonly #filters: readonly string[]
  /** The user's query in brackets; undefined when projects are named. */
  readonly query: string | undefined

  constructor(config: Pick<JiraConfig, 'jql' | 'include_statuses' | 'issue_types'>) {
    this.#statuses = lowerCased(config.include_statuses)
    this.#types = lowerCased(config.issue_types)
    this.#filters = [
      ...(config.include_statuses ? [isOneOf('status', config.include_statuses)] : []),
      ...(config.issue_types ? [isOneOf('issuetype', config.issue_types)] : []),
    ]
    this.query = config.jql === undefined ? undefined : withoutOrder(config.jql)
  }

  /** True when rows of the unfiltered query may be of issues that are not selected. */
  get filters(): boolean {
    return this.#filters.length > 0
  }

  /** Conditions of the issues among which a selected one can have changed, selected now or not. */
  broad(roster: ProjectRoster): readonly string[] {
    return [this.query ?? `project in (${roster.readableIds.join(', ')})`]
  }

  /** Conditions of exactly the selected issues. */
  exact(roster: ProjectRoster): readonly string[] {
    return [...this.broad(roster), ...this.#filters]
  }

  /** Whether the filters by status and type let an issue through. */
  passes({ status, type }: Selectable): boolean {
    return isAmong(this.#statuses, status) && isAmong(this.#types, type)
  }

  /** Whether an issue without a scope may belong to a configured project that cannot be read now, as an archived one. */
  mayBeUnreadable(issue: Selectable, roster: ProjectRoster): boolean {
    return roster.hiddenScopes.length > 0 && this.passes(issue) && roster.scopeOf(issue.projectId) === undefined
  }

  /** The scope of an issue, or undefined when it is not selected. Whether it fits a `jql` only the server knows. */
  scopeOf(issue: Selectable, roster: ProjectRoster): string | undefined {
    if (!this.passes(issue)) return undefined
    return this.query === undefined ? roster.scopeOf(issue.projectId) : QUERY_SCOPE
  }
}

function isAmong(wanted: ReadonlySet<string> | undefined, found: Selectable['status']): boolean {
  if (wanted === undefined) return true
  return found !== null && found !== undefined && (wanted.has(found.name.toLowerCase()) || (found.id !== undefined && wanted.has(found.id)))
}

function lowerCased(names: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return names && new Set(names.map((name) => name.toLowerCase()))
}
