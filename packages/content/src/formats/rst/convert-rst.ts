import type { Json, JsonObject } from '@qdrant-loader/connector-sdk'

import { toMarkdown } from '../../markdown/to-markdown.ts'
import type { ConvertedText } from '../format.ts'
import { markdownTitle } from '../markdown/markdown-title.ts'
import { RstReader } from './block-reader.ts'
import { linesOf } from './lines.ts'
import type { RstState } from './reading.ts'
import { referencesOf } from './references.ts'

/** Fields of Sphinx that say how a page is built, not what it is about. */
const BUILD = new Set(['orphan', 'tocdepth', 'nocomments', 'nosearch', 'no-search', 'hide-toc'])
const LONGEST_FIELD = 1_000

/**
 * reStructuredText as Markdown, as docutils and Sphinx read it: sections by the order of their styles, directives with
 * what belongs to them, literal blocks, tables, roles and links. Comments, targets and definitions of substitutions
 * leave the text; fields at its start are metadata. The title is that of the first section.
 */
export function convertRst(source: string): ConvertedText {
  const lines = linesOf(source)
  const state: RstState = { references: referencesOf(lines), codeLanguage: '', styles: [], level: 0, fields: new Map() }
  const blocks = new RstReader(state).read(lines)
  const text = toMarkdown({ type: 'root', children: blocks })
  const fields = metadataOf(state.fields)
  return { text, format: 'markdown', title: markdownTitle(text), ...(fields !== undefined && { metadata: { front_matter: fields } }) }
}

function metadataOf(fields: ReadonlyMap<string, string>): JsonObject | undefined {
  const kept: Record<string, Json> = {}
  for (const [name, value] of fields) if (!BUILD.has(name) && value !== '') kept[name] = value.slice(0, LONGEST_FIELD).toWellFormed()
  return Object.keys(kept).length === 0 ? undefined : kept
}
