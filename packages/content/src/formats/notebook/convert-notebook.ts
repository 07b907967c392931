import type { SkipReason } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'

import { withoutData } from '../../text/without-data.ts'
import type { Conversion, ConvertedText } from '../format.ts'
import { markdownTitle } from '../markdown/markdown-title.ts'
import { rewriteMarkup } from '../markdown/rewrite-markup.ts'

/** Strings, or lists of lines that are joined (nbformat 4, `multiline_string`). */
const Source = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(''))]).catch('')
const Output = z.object({ output_type: z.string(), name: z.string().optional(), text: Source.optional(), data: z.record(z.string(), z.unknown()).optional() })
const Cell = z.object({ cell_type: z.string(), source: Source.optional(), input: Source.optional(), level: z.number().optional(), outputs: z.array(z.unknown()).optional() })
/** https://nbformat.readthedocs.io/en/latest/format_description.html, versions 3 (worksheets) and 4. */
const Notebook = z.object({
  metadata: z
    .object({
      title: z.string().optional().catch(undefined),
      kernelspec: z.object({ language: z.string().optional() }).optional().catch(undefined),
      language_info: z.object({ name: z.string().optional() }).optional().catch(undefined),
    })
    .catch({}),
  cells: z.array(z.unknown()).optional(),
  worksheets: z.array(z.object({ cells: z.array(z.unknown()) })).optional(),
})

/** In characters. What programs print says less than what they are. */
const LONGEST_OUTPUT = 500

/**
 * A Jupyter notebook as Markdown: texts and code in order, the code with its language; what the code printed only where
 * it is asked for, and then the beginning; no pictures. A file that is no notebook is skipped as `broken`.
 */
export function convertNotebook(json: string, { notebookOutputs = false }: Conversion): ConvertedText | { readonly skipped: SkipReason } {
  const parsed = Notebook.safeParse(parseJson(json))
  if (!parsed.success) return { skipped: 'broken' }
  const { metadata, cells, worksheets } = parsed.data
  const language = (metadata.language_info?.name ?? metadata.kernelspec?.language ?? 'python').toLowerCase()
  const blocks = [...(cells ?? []), ...(worksheets ?? []).flatMap((sheet) => sheet.cells)].flatMap((cell) => blocksOf(cell, language, notebookOutputs))
  const text = blocks.join('\n\n')
  return { text, format: 'markdown', title: metadata.title ?? markdownTitle(text) }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function blocksOf(value: unknown, language: string, withOutputs: boolean): string[] {
  const parsed = Cell.safeParse(value)
  if (!parsed.success) return []
  const { cell_type: type, source = '', input = '', level = 1, outputs = [] } = parsed.data
  const text = source === '' ? input : source
  if (text.trim() === '') return []
  if (type === 'heading') return [`${'#'.repeat(Math.min(6, Math.max(1, level)))} ${text.replace(/\s+/g, ' ')}`]
  // Pictures may be attached to the cell (`![x](attachment:x.png)`); their words stay.
  if (type !== 'code') return [rewriteMarkup(withoutData(text), false)]
  const printed = withOutputs ? outputs.flatMap(printedText).join('\n').trim() : ''
  return [fenced(text, language), ...(printed === '' ? [] : [fenced(printed.slice(0, LONGEST_OUTPUT).toWellFormed(), 'text')])]
}

function printedText(value: unknown): string[] {
  const parsed = Output.safeParse(value)
  if (!parsed.success || parsed.data.output_type === 'error') return []
  const plain = Source.safeParse(parsed.data.data?.['text/plain'])
  return [parsed.data.text ?? '', plain.success ? plain.data : ''].filter((text) => text !== '').map(withoutData)
}

function fenced(code: string, language: string): string {
  const longest = [...code.matchAll(/`{3,}/g)].reduce((most, [run]) => Math.max(most, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${code.trimEnd()}\n${fence}`
}
