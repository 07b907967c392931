import type { SourceDocument } from '@qdrant-loader/connector-sdk'
import { fieldValue } from './field-value.ts'
import type { IssueReading } from './issue-reading.ts'
import { hash, issueStub } from './issue-stub.ts'
import { issueText } from './issue-text.ts'
import { plain } from './markdown-nesting.ts'
import type { People } from './rich-text.ts'
import type { CommentBean, IssueBean } from './schemas.ts'
import { personIdOf } from './schemas.ts'

/** An issue as it was read, with all its comments (none when they are not wanted). */
export interface ReadIssue {
  readonly issue: IssueBean
  readonly comments: readonly CommentBean[]
  readonly scope: string
  /** The server's clock when it was read, in milliseconds since the epoch. */
  readonly at: number
}

/** A rich text with all that is known of it. */
interface RichPart {
  readonly raw: unknown
  readonly rendered: unknown
}

/** Converts an issue. The same issue gives the same document, whoever asks and when. */
export function issueDocument(read: ReadIssue, reading: IssueReading): SourceDocument {
  const { issue, comments } = read
  const { fields, renderedFields } = issue
  const { richText } = reading
  const description = { raw: fields.description, rendered: renderedFields?.['description'] }
  const extra = extraTexts(issue, reading)
  const said = comments.map((comment) => ({ comment, part: { raw: comment.body, rendered: comment.renderedBody ?? renderedInline(issue, comment.id) } }))
  const markdown = ({ raw, rendered }: RichPart) => richText.toMarkdown(raw, rendered)
  const text = issueText({
    summary: fields.summary ?? issue.key,
    description: markdown(description),
    fields: extra.map(({ name, plainText, part }) => ({ name, text: plainText ?? markdown(part) })).filter((field) => field.text !== ''),
    comments: said.map(({ comment, part }) => ({ author: comment.author?.displayName ?? 'somebody unknown', created: comment.created, text: markdown(part) })),
  })
  const parts = [description, ...extra.map(({ part }) => part), ...said.map(({ part }) => part)]
  const people = [...parts.flatMap(({ raw, rendered }) => richText.mentions(raw, rendered)), ...authorsOf(comments)]
  return {
    stub: issueStub({ ...read, contentVersion: hash(text), people: Object.fromEntries(people) }, reading),
    text,
    format: 'markdown',
    contentType: 'text/markdown',
  }
}

function authorsOf(comments: readonly CommentBean[]): People {
  return comments.flatMap(({ author }) => {
    const id = personIdOf(author)
    return id === undefined || typeof author?.displayName !== 'string' ? [] : [[id, author.displayName] as const]
  })
}

/** Extra fields that hold text. `plainText`: a line without markup. */
function extraTexts(issue: IssueBean, { extraFields }: IssueReading): readonly { readonly name: string; readonly plainText: string | undefined; readonly part: RichPart }[] {
  return extraFields.flatMap((field) => {
    const found = fieldValue(field, issue.fields[field.id])
    if (found?.kind !== 'text') return []
    const isLine = (field.custom === 'textfield' || field.custom === 'readonlyfield') && typeof found.raw === 'string'
    const plainText = isLine ? plain(String(found.raw)) : undefined
    return [{ name: field.name, plainText, part: { raw: found.raw, rendered: issue.renderedFields?.[field.id] } }]
  })
}

/** Data Center renders the comments that came with the issue beside its other rendered fields. */
function renderedInline(issue: IssueBean, commentId: string): unknown {
  const { comments } = (issue.renderedFields?.['comment'] ?? {}) as { readonly comments?: unknown }
  if (!Array.isArray(comments)) return undefined
  const found = (comments as readonly { readonly id?: unknown; readonly body?: unknown }[]).find(({ id }) => String(id) === commentId)
  return found?.body
}
