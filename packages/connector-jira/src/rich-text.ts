import { adfToMarkdown, jiraRenderedToMarkdown } from '@qdrant-loader/content'
import { plain } from './markdown-nesting.ts'

/** How the rich text of an issue becomes Markdown. */
export interface RichText {
  /** `raw` as in `fields`, `rendered` as in `renderedFields`. Empty when there is no text. */
  toMarkdown(raw: unknown, rendered: unknown): string
}

/** Rich text of Jira Cloud is ADF; older fields and apps may still give plain strings. */
export function cloudText(): RichText {
  return {
    toMarkdown(raw) {
      if (typeof raw === 'string') return plain(raw)
      return isDocument(raw) ? adfToMarkdown(raw).trim() : ''
    },
  }
}

/** Rich text of Data Center is wiki markup, which the server renders to HTML. What it does not render is plain text. */
export function dataCenterText(baseUrl: string): RichText {
  return {
    toMarkdown(raw, rendered) {
      if (typeof raw !== 'string' || raw.trim() === '') return ''
      if (typeof rendered === 'string' && rendered.trim() !== '') return jiraRenderedToMarkdown(rendered, { baseUrl }).trim()
      return plain(raw)
    },
  }
}

/** True for a document of ADF. */
export function isDocument(value: unknown): value is { readonly type: 'doc' } {
  return typeof value === 'object' && value !== null && (value as { readonly type?: unknown }).type === 'doc'
}
