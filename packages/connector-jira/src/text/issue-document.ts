import type { SourceDocument } from '@qdrant-loader/connector-sdk'
import { ShownNames } from '../names/names.ts'
import { personIdOf } from '../schemas.ts'
import type { CommentBean, IssueBean } from '../schemas.ts'
import { hash, issueStub } from '../stub.ts'
import { fieldValue } from './field-value.ts'
import type { IssueReading } from './issue-reading.ts'
import { issueText } from './issue-text.ts'
import type { IssueTextParts } from './issue-text.ts'
import { plain } from './markdown-nesting.ts'
import type { NameOf } from './rich-text.ts'

/** An issue as it was read, with all its comments (none when they are not wanted). */
export interface ReadIssue {
  readonly issue: IssueBean
  readonly comments: readonly CommentBean[]
  readonly scope: string
  /** The server's clock when it was read, in milliseconds since the epoch. */
  readonly at: number
}

/** A document, and whose names it lacks. */
export interface ConvertedIssue {
  readonly document: SourceDocument
  /** Ids of people whom its text names by their ids alone, and whose names were not given. */
  readonly unnamed: readonly string[]
}

/** Converts an issue. The same issue and names give the same document, whoever asks and when. */
export function issueDocument(read: ReadIssue, reading: IssueReading, nameOf: NameOf): ConvertedIssue {
  const { issue, comments } = read
  const { fields, renderedFields } = issue
  const shown = new ShownNames()
  const unnamed: string[] = []
  // The only way from a body to text, so that nothing gets into a text without what it uses being noted.
  const markdown = (raw: unknown, rendered: unknown): string => {
    const text = reading.richText.read(raw, rendered, nameOf)
    shown.add(text.shown)
    unnamed.push(...text.unnamed)
    return text.markdown
  }
  const text = issueText({
    summary: fields.summary ?? issue.key,
    description: markdown(fields.description, renderedFields?.['description']),
    fields: sections(issue, reading, markdown),
    comments: comments.map(({ id, author, created, body, renderedBody }) => ({
      author: shown.show('person', personIdOf(author), author?.displayName) ?? 'somebody unknown',
      created,
      text: markdown(body, renderedBody ?? renderedInline(issue, id)),
    })),
  })
  const stub = issueStub({ ...read, contentVersion: hash(text), shown: shown.names }, reading)
  return { document: { stub, text, format: 'markdown', contentType: 'text/markdown' }, unnamed: [...new Set(unnamed)] }
}

/** The fields that hold text, each for a section of its own. A field of one line has no markup. */
function sections(issue: IssueBean, { extraFields }: IssueReading, markdown: (raw: unknown, rendered: unknown) => string): IssueTextParts['fields'] {
  return extraFields.flatMap((field) => {
    const found = fieldValue(field, issue.fields[field.id])
    if (found?.kind !== 'text') return []
    const isLine = (field.custom === 'textfield' || field.custom === 'readonlyfield') && typeof found.raw === 'string'
    const text = isLine ? plain(String(found.raw)) : markdown(found.raw, issue.renderedFields?.[field.id])
    return text === '' ? [] : [{ name: field.name, text }]
  })
}

/** Data Center renders the comments that came with the issue beside its other rendered fields. */
function renderedInline(issue: IssueBean, commentId: string): unknown {
  const { comments } = (issue.renderedFields?.['comment'] ?? {}) as { readonly comments?: unknown }
  if (!Array.isArray(comments)) return undefined
  const found = (comments as readonly { readonly id?: unknown; readonly body?: unknown }[]).find(({ id }) => String(id) === commentId)
  return found?.body
}
