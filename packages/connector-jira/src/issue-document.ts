import { createHash } from 'node:crypto'
import type { DocumentStub, Json, JsonObject, SourceDocument } from '@qdrant-loader/connector-sdk'
import type { ExtraField } from './field-catalog.ts'
import { fieldValue } from './field-value.ts'
import { mentionsOf } from './issue-mentions.ts'
import { issueText } from './issue-text.ts'
import { plain } from './markdown-nesting.ts'
import { namesInIssue } from './named-parts.ts'
import type { RichText } from './rich-text.ts'
import type { CommentBean, IssueBean } from './schemas.ts'
import { epochOf, utcOf } from './utc-time.ts'
import { asJson } from './validators.ts'

/**
 * Some databases keep whole seconds only, so a second edit can leave `updated` as it is. An issue that was read this
 * soon after its last edit, in milliseconds, is read again by the next run.
 */
const SETTLING_MS = 2_000

/** How issues become documents. */
export interface IssueReading {
  readonly siteUrl: string
  readonly richText: RichText
  readonly extraFields: readonly ExtraField[]
  /**
   * Whether an issue names its subtasks. A subtask comes and goes without its parent being updated, so they are named
   * only where each of them is selected as well, and is seen.
   */
  readonly subtasks: boolean
  /** See `Validators.reading`. */
  readonly hash: string
}

/** An issue as it was read, with all its comments (none when they are not wanted). */
export interface ReadIssue {
  readonly issue: IssueBean
  readonly comments: readonly CommentBean[]
  readonly scope: string
  /** The server's clock when it was read, in milliseconds since the epoch. */
  readonly at: number
}

type Fields = IssueBean['fields']

/** Converts an issue. The same issue gives the same document, whoever asks and when. */
export function issueDocument(read: ReadIssue, reading: IssueReading): SourceDocument {
  const { issue, comments } = read
  const { fields } = issue
  const extra = extraValues(issue, reading)
  const text = issueText({
    summary: fields.summary ?? issue.key,
    description: reading.richText.toMarkdown(fields.description, issue.renderedFields?.['description']),
    fields: extra.texts,
    comments: comments.map((comment) => ({
      author: comment.author?.displayName ?? 'somebody unknown',
      created: comment.created,
      text: reading.richText.toMarkdown(comment.body, comment.renderedBody ?? renderedInline(issue, comment.id)),
    })),
  })
  return {
    stub: stubOf(read, reading, hash(text), extra.values),
    text,
    format: 'markdown',
    contentType: 'text/markdown',
  }
}

function stubOf({ issue, scope, at }: ReadIssue, reading: IssueReading, contentVersion: string, extra: JsonObject): DocumentStub {
  const { fields } = issue
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
      names: namesInIssue(issue),
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

function extraValues(issue: IssueBean, { extraFields, richText }: IssueReading): { readonly texts: readonly { name: string; text: string }[]; readonly values: JsonObject } {
  const texts: { name: string; text: string }[] = []
  const values: Record<string, Json> = {}
  for (const field of extraFields) {
    const found = fieldValue(field, issue.fields[field.id])
    if (found?.kind === 'value') values[field.name] = found.value
    if (found?.kind !== 'text') continue
    const single = field.custom === 'textfield' || field.custom === 'readonlyfield'
    const text = single && typeof found.raw === 'string' ? plain(found.raw) : richText.toMarkdown(found.raw, issue.renderedFields?.[field.id])
    if (text !== '') texts.push({ name: field.name, text })
  }
  return { texts, values }
}

/** Data Center renders the comments that came with the issue beside its other rendered fields. */
function renderedInline(issue: IssueBean, commentId: string): unknown {
  const { comments } = (issue.renderedFields?.['comment'] ?? {}) as { readonly comments?: unknown }
  if (!Array.isArray(comments)) return undefined
  const found = (comments as readonly { readonly id?: unknown; readonly body?: unknown }[]).find(({ id }) => String(id) === commentId)
  return found?.body
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

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
