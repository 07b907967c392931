import type { Json, JsonObject } from '@qdrant-loader/connector-sdk'
import { utcOf } from '../api/utc-time.ts'
import { ShownNames } from '../names/names.ts'
import type { Names } from '../names/names.ts'
import { personIdOf } from '../schemas.ts'
import type { IssueBean } from '../schemas.ts'
import { fieldValue } from './field-value.ts'
import type { IssueReading } from './issue-reading.ts'

/** What the payload of an issue says, and every name in it that belongs to others. */
export interface IssuePayload {
  readonly metadata: JsonObject
  readonly names: Names
}

type Fields = IssueBean['fields']
type Part = { readonly id?: string | undefined; readonly name: string } | null | undefined

/** The payload of an issue. No text is needed for it but the summary. */
export function issuePayload(issue: IssueBean, reading: Pick<IssueReading, 'subtasks' | 'extraFields'>): IssuePayload {
  const shown = new ShownNames()
  const values = standardValues(issue, reading, shown)
  const extra = extraValues(issue, reading, shown)
  return { metadata: { ...values, ...(Object.keys(extra).length > 0 && { fields: extra }) }, names: shown.names }
}

function standardValues(issue: IssueBean, { subtasks }: Pick<IssueReading, 'subtasks'>, shown: ShownNames): JsonObject {
  const { fields } = issue
  const nameOf = (kind: string, part: Part): string | undefined => shown.show(kind, part?.id, part?.name)
  const namesOf = (kind: string, parts: readonly NonNullable<Part>[] | null | undefined) => sorted(parts?.map((part) => nameOf(kind, part) ?? part.name))
  const person = (one: Fields['assignee']): string | undefined => shown.show('person', personIdOf(one), one?.displayName) ?? undefined
  const values: Record<string, Json | undefined> = {
    key: issue.key,
    project: shown.show('project', fields.project.id, fields.project.key),
    issue_type: nameOf('issuetype', fields.issuetype),
    status: nameOf('status', fields.status),
    resolution: nameOf('resolution', fields.resolution),
    priority: nameOf('priority', fields.priority),
    assignee: person(fields.assignee),
    reporter: person(fields.reporter),
    creator: person(fields.creator),
    labels: sorted(fields.labels),
    components: namesOf('component', fields.components),
    affects_versions: namesOf('version', fields.versions),
    fix_versions: namesOf('version', fields.fixVersions),
    due_date: fields.duedate ?? undefined,
    resolved_at: utcOf(fields.resolutiondate),
    parent: neighbour(fields.parent),
    subtasks: list((subtasks ? (fields.subtasks ?? []) : []).flatMap((near) => neighbour(near) ?? []).toSorted(byId)),
    links: linksOf(fields, shown),
  }
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined))
}

function linksOf({ issuelinks }: Fields, shown: ShownNames): Json | undefined {
  const links = (issuelinks ?? []).flatMap(({ type, inwardIssue, outwardIssue }) => {
    const near = neighbour(inwardIssue ?? outwardIssue)
    const way = inwardIssue ? 'inward' : 'outward'
    const name = shown.show(`link-${way}`, type?.id, type?.[way])
    return near === undefined ? [] : [{ type: name ?? 'relates to', ...near }]
  })
  return list(links.toSorted((one, other) => byId(one, other) || compare(one.type, other.type)))
}

/** Id and key; the summary, the status and everything else belong to the other issue. */
function neighbour(near: Fields['parent']): { readonly id: string; readonly key: string } | undefined {
  return near?.id === undefined ? undefined : { id: near.id, key: near.key ?? '' }
}

function extraValues({ fields }: IssueBean, { extraFields }: Pick<IssueReading, 'extraFields'>, shown: ShownNames): JsonObject {
  const values: Record<string, Json> = {}
  for (const field of extraFields) {
    const found = fieldValue(field, fields[field.id])
    if (found?.kind !== 'value') continue
    values[field.name] = found.value
    shown.add(found.names)
  }
  return values
}

function sorted(names: readonly string[] | null | undefined): Json | undefined {
  return list((names ?? []).toSorted(compare))
}

function list(items: readonly Json[]): Json | undefined {
  return items.length === 0 ? undefined : items
}

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return compare(one.id, other.id)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
