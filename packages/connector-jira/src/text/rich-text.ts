import { adfToMarkdown, jiraRenderedToMarkdown } from '@qdrant-loader/content'
import { issueKey, personKey, ShownNames } from '../names/names.ts'
import type { Names } from '../names/names.ts'
import { plain } from './markdown-nesting.ts'

/** A rich text as Markdown, and everything that it uses. */
export interface ReadText {
  /** Empty when there is no text. */
  readonly markdown: string
  /** Names of people and keys of issues as they stand in the text. A person whose name is not known has an empty one. */
  readonly shown: Names
  /** Ids of people whom the text names by their ids alone, and whose names were not given. */
  readonly unnamed: readonly string[]
}

/** Names of people by id, as far as they are known. */
export type NameOf = (personId: string) => string | undefined

/** How the rich text of an issue becomes Markdown. `raw` is as in `fields`, `rendered` as in `renderedFields`. */
export interface RichText {
  read(raw: unknown, rendered: unknown, nameOf: NameOf): ReadText
}

/** Rich text of Jira Cloud is ADF; older fields and apps may still give plain strings. */
export function cloudText(): RichText {
  return {
    read(raw, _rendered, nameOf) {
      if (!isDocument(raw)) return plainText(raw)
      const shown = new ShownNames()
      const unnamed: string[] = []
      // A mention keeps the name with which it was written, if it was written with one.
      const userName = (id: string, written: string): string | undefined => {
        const name = written === '' ? nameOf(id) : written
        if (name === undefined && id !== '') unnamed.push(id)
        return shown.show('person', id, name ?? '') || undefined
      }
      return { markdown: adfToMarkdown(raw, { userName }).trim(), shown: shown.names, unnamed }
    },
  }
}

/** Rich text of Data Center is wiki markup, which the server renders to HTML. What it does not render is plain text. */
export function dataCenterText(baseUrl: string): RichText {
  return {
    read(raw, rendered) {
      if (typeof raw !== 'string' || raw.trim() === '' || typeof rendered !== 'string' || rendered.trim() === '') return plainText(raw)
      const shown: Record<string, string> = {}
      const uses = {
        person: (id: string, name: string) => void (shown[personKey(id)] = name),
        issue: (key: string) => void (shown[issueKey(key)] = key),
      }
      return { markdown: jiraRenderedToMarkdown(rendered, { baseUrl, uses }).trim(), shown, unnamed: [] }
    },
  }
}

function plainText(raw: unknown): ReadText {
  return { markdown: typeof raw === 'string' ? plain(raw) : '', shown: {}, unnamed: [] }
}

/** True for a document of ADF. */
export function isDocument(value: unknown): value is { readonly type: 'doc' } {
  return typeof value === 'object' && value !== null && (value as { readonly type?: unknown }).type === 'doc'
}
