import { createHash } from 'node:crypto'
import type { DocumentStub, Json, JsonObject } from '@qdrant-loader/connector-sdk'
import { fieldValue } from './field-value.ts'
import { mentionsOf } from './issue-mentions.ts'
import type { IssueReading } from './issue-reading.ts'
import type { IssueBean } from './schemas.ts'
import type { Names } from './shown-names.ts'
import { namesInIssue } from './shown-names.ts'
import { epochOf, utcOf } from './utc-time.ts'
import { asJson } from './validators.ts'

/**
 * Some databases keep whole seconds only, so a second edit can leave `updated` as it is. An issue that was read this
 * soon after its last edit, in milliseconds, is read again by the next run.
 */
const SETTLING_MS = 2_000

/** What the stub of an issue is made of. Of the fields of `issue` none is needed that holds text but its summary. */
export interface IssueHead {
  readonly issue: IssueBean
  readonly scope: string
  /** The server's clock when the issue was read, in milliseconds since the epoch. */
  readonly at: number
  /** Hash of the text. */
  readonly contentVersion: string
  /** See `Validators.people`. */
  readonly people: Names
}

type Fields = IssueBean['fields']

/** Everything about an issue but its text. The same issue gives the same stub, whether its text was read with it or not. */
export function issueStub({ issue, scope, at, contentVersion, people }: IssueHead, reading: IssueReading): DocumentStub {
  const { fields } = issue
  const extra = extraValues(issue, reading)
  const createdAt = utcOf(fields.created)
  const updatedAt = utcOf(fields.updated)
  const described = {
    location: { url: issueUrl(reading.siteUrl, issue.key), title: (fields.summary ?? issue.key).trim() || issue.key },
    metadata: { ...standardValues(issue, reading), ...(Object.keys(extra).length > 0 && { fields: extra }) },
    ...(createdAt !== undefined && { createdAt }),
    ...(updatedAt !== undefined && { updatedAt }),
  }
  const settled = (epochOf(fields.updated) ?? Number.POSITIVE_INFINITY) + SETTLING_MS < at
  return {
    id: issue.id,
    scope,
    contentVersion,
    metadataVersion: hash(JSON.stringify([scope, described])),
    ...described,
    validators: asJson({
      updated: settled ? (updatedAt ?? fields.updated) : null,
      ...mentionsOf(issue, reading),
      project: fields.project.id,
      reading: reading.hash,
      names: namesInIssue(issue, reading),
      people,
    }),
  }
}

/** The page of an issue, for people. */
export function issueUrl(siteUrl: string, key: string): string {
  return `${siteUrl}/browse/${key}`
}

function standardValues(issue: IssueBean, { subtasks }: IssueReading): JsonObject {
  const { fields } = issue
  const values: Record<string, Json | undefined> = {
    key: issue.key,
    project: fields.project.key,
    issue_type: fields.issuetype?.name,
    status: fields.status?.name,
    resolution: fields.resolution?.name,
    priority: fields.priority?.name,
    assignee: fields.assignee?.displayName ?? undefined,
    reporter: fields.reporter?.displayName ?? undefined,
    creator: fields.creator?.displayName ?? undefined,
    labels: sorted(fields.labels),
    components: sorted(fields.components?.map(({ name }) => name)),
    affects_versions: sorted(fields.versions?.map(({ name }) => name)),
    fix_versions: sorted(fields.fixVersions?.map(({ name }) => name)),
    due_date: fields.duedate ?? undefined,
    resolved_at: utcOf(fields.resolutiondate),
    parent: neighbour(fields.parent),
    subtasks: list((subtasks ? (fields.subtasks ?? []) : []).flatMap((near) => neighbour(near) ?? []).toSorted(byId)),
    links: linksOf(fields),
  }
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined))
}

function linksOf({ issuelinks }: Fields): Json | undefined {
  const links = (issuelinks ?? []).flatMap(({ type, inwardIssue, outwardIssue }) => {
    const near = neighbour(inwardIssue ?? outwardIssue)
    return near === undefined ? [] : [{ type: (inwardIssue ? type?.inward : type?.outward) ?? 'relates to', ...near }]
  })
  return list(links.toSorted((one, other) => byId(one, other) || compare(one.type, other.type)))
}

/** Id and key; the summary, the status and all else belong to the other issue. */
function neighbour(near: Fields['parent']): { readonly id: string; readonly key: string } | undefined {
  return near?.id === undefined ? undefined : { id: near.id, key: near.key ?? '' }
}

function extraValues({ fields }: IssueBean, { extraFields }: IssueReading): JsonObject {
  const found = extraFields.map((field) => [field.name, fieldValue(field, fields[field.id])] as const)
  return Object.fromEntries(found.flatMap(([name, value]) => (value?.kind === 'value' ? [[name, value.value]] : [])))
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

/** A short digest. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
