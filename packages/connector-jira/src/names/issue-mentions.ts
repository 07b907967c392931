import type { IssueBean } from '../schemas.ts'
import type { Names } from './names.ts'

/** What an issue says of itself and of others: no more than ids and keys. */
export interface Mentions {
  readonly key: string
  /** Keys of the issues that it names (links, parent, subtasks), by id. */
  readonly near: Readonly<Record<string, string>>
  /** A parent that does not name this issue in return. Null: there is none, or it does. */
  readonly above: string | null
  /** See `Validators.names`. Absent: only what `near` has is known. */
  readonly names?: Names
  /** See `Validators.shown`. */
  readonly shown?: Names
}

/** The mentions of an issue. Links go both ways; a parent names its subtasks (where those are named), not its other children. */
export function mentionsOf({ key, fields }: IssueBean, { subtasks }: { readonly subtasks: boolean }): Mentions {
  const linked = (fields.issuelinks ?? []).map((link) => link.inwardIssue ?? link.outwardIssue)
  const mutual = [...linked, ...(subtasks ? (fields.subtasks ?? []) : [])].flatMap((near) => (near?.id === undefined ? [] : [near.id]))
  const all = [fields.parent, ...(subtasks ? (fields.subtasks ?? []) : []), ...linked]
  const near = all.flatMap((one) => (one?.id === undefined ? [] : [[one.id, one.key ?? ''] as const]))
  const parent = fields.parent?.id
  const inReturn = parent !== undefined && (mutual.includes(parent) || (subtasks && fields.issuetype?.subtask === true))
  return {
    key,
    near: Object.fromEntries(near.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))),
    above: parent === undefined || inReturn ? null : parent,
  }
}
