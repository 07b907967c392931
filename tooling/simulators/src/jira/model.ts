/**
 * Text with markup. A string in a small notation that is shown as ADF, as wiki markup and as HTML: blocks stand apart
 * by blank lines; `# ` to `###### ` begin headings, `- ` and `1. ` list items, three backticks fence code; all else is
 * a paragraph, in which `[~id]` mentions a person. Or the three of them as they are.
 */
export type RichText = string | { readonly adf: object; readonly wiki: string; readonly html: string }

/** Kinds of fields, with the plain value that the world keeps for each. Ids name people, versions, sprints. */
export interface FieldValues {
  readonly text: string
  readonly rich: RichText
  readonly number: number
  /** `2026-01-31` */
  readonly date: string
  /** Milliseconds since the epoch. */
  readonly datetime: number
  readonly user: string
  readonly users: readonly string[]
  readonly option: string
  readonly options: readonly string[]
  readonly cascade: readonly [parent: string, child?: string]
  readonly labels: readonly string[]
  readonly version: string
  readonly versions: readonly string[]
  readonly components: readonly string[]
  readonly sprints: readonly string[]
  readonly rank: string
  readonly url: string
  /** The id of another issue, which is shown by its key. */
  readonly issue: string
  /** Whatever an app keeps, as the server shows it. */
  readonly json: { readonly json: unknown }
}

export type FieldKind = keyof FieldValues
export type FieldValue = FieldValues[FieldKind]

export interface Field {
  readonly id: string
  readonly name: string
  readonly kind: FieldKind
  /** False for what every Jira has. */
  readonly custom: boolean
  /** What Jira calls the type of a custom field, behind the last colon. */
  readonly type?: string
  /** Of a field that belongs to one team-managed project. */
  readonly projectId?: string
}

export interface Person {
  readonly id: string
  /** Renaming touches no issue. */
  displayName: string
  /** The display name with which the person began. */
  readonly firstName: string
  readonly email?: string
  active: boolean
}

export interface Project {
  readonly id: string
  key: string
  name: string
  readonly formerKeys: string[]
  /** Our credentials may browse it. */
  visible: boolean
  /** Our credentials may see its issues. Administrators of Data Center see projects of which they may not. */
  browsable: boolean
  archived: boolean
  nextNumber: number
}

/** A version, a component or a sprint. */
export interface Named {
  readonly id: string
  name: string
  /** Of a version or a component. */
  readonly projectId?: string
}

export interface Comment {
  readonly id: string
  body: RichText
  readonly author: string
  readonly created: number
  updated: number
  /** Seen by a role that our credentials do not have. */
  readonly restricted: boolean
}

export interface Link {
  readonly id: string
  /** `Blocks`, `Relates`, … */
  readonly type: string
  readonly from: string
  readonly to: string
}

export interface ChangeItem {
  readonly field: string
  readonly fieldId: string
  readonly custom: boolean
  readonly from: string | null
  readonly fromString: string | null
  readonly to: string | null
  readonly toString: string | null
}

export interface History {
  readonly id: string
  readonly author: string
  readonly created: number
  readonly items: readonly ChangeItem[]
}

export interface Issue {
  readonly id: string
  projectId: string
  number: number
  readonly formerKeys: string[]
  summary: string
  description: RichText | undefined
  environment: RichText | undefined
  type: string
  status: string
  priority: string
  resolution: string | undefined
  resolved: number | undefined
  labels: readonly string[]
  components: readonly string[]
  versions: readonly string[]
  fixVersions: readonly string[]
  assignee: string | undefined
  reporter: string | undefined
  readonly creator: string
  readonly created: number
  updated: number
  due: string | undefined
  parent: string | undefined
  readonly custom: Map<string, FieldValue>
  readonly comments: Comment[]
  readonly history: History[]
  worklogs: number
  watchers: number
  /** An issue security level hides it from our credentials. */
  hidden: boolean
}

/** Keys under which a new issue or an edit gives the fields of Jira itself. */
export interface SystemFields {
  readonly summary?: string
  readonly description?: RichText | undefined
  readonly environment?: RichText | undefined
  readonly type?: string
  readonly priority?: string
  readonly labels?: readonly string[]
  readonly components?: readonly string[]
  readonly versions?: readonly string[]
  readonly fixVersions?: readonly string[]
  readonly assignee?: string | undefined
  readonly reporter?: string | undefined
  readonly due?: string | undefined
  readonly parent?: string | undefined
}

export const STATUSES: Readonly<Record<string, { readonly id: string; readonly category: 'new' | 'indeterminate' | 'done' }>> = {
  'To Do': { id: '10000', category: 'new' },
  'In Progress': { id: '3', category: 'indeterminate' },
  'In Review': { id: '10001', category: 'indeterminate' },
  Done: { id: '10002', category: 'done' },
}

export const ISSUE_TYPES: Readonly<Record<string, { readonly id: string; readonly subtask: boolean }>> = {
  Epic: { id: '10000', subtask: false },
  Story: { id: '10001', subtask: false },
  Task: { id: '10002', subtask: false },
  Bug: { id: '10004', subtask: false },
  'Sub-task': { id: '10003', subtask: true },
}

export const PRIORITIES: Readonly<Record<string, string>> = { Highest: '1', High: '2', Medium: '3', Low: '4', Lowest: '5' }

export const LINK_TYPES: Readonly<Record<string, { readonly id: string; readonly inward: string; readonly outward: string }>> = {
  Blocks: { id: '10000', inward: 'is blocked by', outward: 'blocks' },
  Relates: { id: '10003', inward: 'relates to', outward: 'relates to' },
  Duplicate: { id: '10002', inward: 'is duplicated by', outward: 'duplicates' },
}
