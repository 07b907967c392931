import { adfToMarkdown, jiraRenderedToMarkdown } from '@qdrant-loader/content'
import { plain } from './markdown-nesting.ts'
import { renderedMentions } from './rendered-mentions.ts'

/** Ids and display names of people. */
export type People = readonly (readonly [id: string, name: string])[]

/** How the rich text of an issue becomes Markdown. `raw` is as in `fields`, `rendered` as in `renderedFields`. */
export interface RichText {
  /** Empty when there is no text. */
  toMarkdown(raw: unknown, rendered: unknown): string
  /** Whom the text mentions, by the names that stand in it. */
  mentions(raw: unknown, rendered: unknown): People
}

/** Rich text of Jira Cloud is ADF; older fields and apps may still give plain strings. */
export function cloudText(): RichText {
  return {
    toMarkdown(raw) {
      if (typeof raw === 'string') return plain(raw)
      return isDocument(raw) ? adfToMarkdown(raw).trim() : ''
    },
    mentions: adfMentions,
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
    mentions: (_raw, rendered) => (typeof rendered === 'string' ? renderedMentions(rendered) : []),
  }
}

/** True for a document of ADF. */
export function isDocument(value: unknown): value is { readonly type: 'doc' } {
  return typeof value === 'object' && value !== null && (value as { readonly type?: unknown }).type === 'doc'
}

function adfMentions(raw: unknown): People {
  const people: (readonly [string, string])[] = []
  const open: unknown[] = isDocument(raw) ? [raw] : []
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null) continue
    const { type, attrs, content } = node as { readonly type?: unknown; readonly attrs?: { readonly id?: unknown; readonly text?: unknown } | null; readonly content?: unknown }
    if (type === 'mention' && typeof attrs?.id === 'string' && typeof attrs.text === 'string') people.push([attrs.id, attrs.text.replace(/^@/, '')])
    if (Array.isArray(content)) for (const child of content as unknown[]) open.push(child)
  }
  return people
}
