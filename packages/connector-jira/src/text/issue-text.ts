import { readableTime } from '../api/utc-time.ts'
import { nested, oneLine } from './markdown-nesting.ts'

/** The parts of an issue that are searched. All texts are Markdown but for the summary. */
export interface IssueTextParts {
  readonly summary: string
  readonly description: string
  readonly fields: readonly { readonly name: string; readonly text: string }[]
  readonly comments: readonly { readonly author: string; readonly created: string; readonly text: string }[]
}

/**
 * The text of an issue. Each comment is a section of its own, whose heading depends on nothing but the comment, so
 * that a new comment leaves the chunks of the others alone.
 */
export function issueText({ summary, description, fields, comments }: IssueTextParts): string {
  const sections = [
    `# ${oneLine(summary)}`,
    nested(description, 1),
    ...fields.map(({ name, text }) => `## ${oneLine(name)}\n\n${nested(text, 2)}`),
    ...comments.map(({ author, created, text }) => `## Comment by ${oneLine(author)}, ${readableTime(created)}\n\n${nested(text, 2)}`),
  ]
  return `${sections
    .map((section) => section.trim())
    .filter((section) => section !== '')
    .join('\n\n')}\n`
}
