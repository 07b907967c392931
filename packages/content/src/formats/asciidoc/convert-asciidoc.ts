import { Extensions, load } from '@asciidoctor/core'
import type { Json, JsonObject } from '@qdrant-loader/connector-sdk'

import { htmlToMarkdown } from '../../html/html-to-markdown.ts'
import type { Conversion, ConvertedText } from '../format.ts'
import { markdownTitle } from '../markdown/markdown-title.ts'
import { includePath } from './include-path.ts'
import { selectedLines } from './selected-lines.ts'

/** Includes of one document, each time that one is read; what is beyond is left out. */
const MOST_INCLUDES = 200
/** In characters, of all files together. */
const MOST_TEXT = 4_000_000
/** What the header may say for the payload. */
const HEADER = ['author', 'email', 'revnumber', 'revdate', 'description', 'keywords'] as const

/**
 * What no document decides: no table of contents, numbers of sections and captions change with what is around them,
 * pictures and highlighting are no text.
 */
const FIXED: Readonly<Record<string, string | null>> = {
  showtitle: '',
  toc: null,
  sectnums: null,
  sectanchors: null,
  sectlinks: null,
  icons: null,
  'source-highlighter': null,
  'table-caption': null,
  'figure-caption': null,
  'example-caption': null,
  'listing-caption': null,
  'chapter-signifier': null,
  'appendix-caption': null,
  'part-signifier': null,
  'max-include-depth': '20',
  experimental: '',
}

/**
 * AsciiDoc as Asciidoctor shows it, as Markdown. It reads no file and no address by itself (mode `secure`); what a text
 * includes is asked for by its path inside the source, and left out where it is outside, or is no document.
 */
export async function convertAsciidoc(source: string, { name = '', include }: Conversion): Promise<ConvertedText> {
  const included = new Set<string>()
  const registry = Extensions.create()
  // Files that include each other end here, too.
  let asked = 0
  let room = MOST_TEXT
  registry.includeProcessor(function () {
    this.handles(() => true)
    this.process(async (_document, reader, target, attributes) => {
      const from = reader.path === '<stdin>' || reader.path === undefined ? name : reader.path
      const path = asked < MOST_INCLUDES && room > 0 ? includePath(from, target) : undefined
      asked += 1
      if (path !== undefined) included.add(path)
      const text = path === undefined ? undefined : await include?.(path, new AbortController().signal)
      const lines = text === undefined || text.length > room ? '' : selectedLines(text, attributes)
      room -= lines.length
      reader.pushInclude(lines, path ?? target, path ?? target, 1, attributes)
    })
  })
  const document = await load(source, { safe: 'secure', extension_registry: registry, standalone: false, attributes: { ...FIXED } })
  const text = htmlToMarkdown(withoutRule(String(await document.convert())))
  const header: Record<string, Json> = {}
  for (const key of HEADER) {
    const value: unknown = document.getAttribute(key)
    if (typeof value === 'string' && value !== '') header[key] = value.slice(0, 1_000).toWellFormed()
  }
  return {
    text,
    format: 'markdown',
    title: markdownTitle(text),
    ...(Object.keys(header).length > 0 && { metadata: { front_matter: header satisfies JsonObject } }),
    ...(included.size > 0 && { included: [...included].sort() }),
  }
}

/** The line above the footnotes. */
function withoutRule(html: string): string {
  return html.replace('<div id="footnotes">\n<hr>', '<div id="footnotes">')
}
