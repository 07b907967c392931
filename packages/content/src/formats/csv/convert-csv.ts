import Papa from 'papaparse'

import type { Conversion, ConvertedText } from '../format.ts'

/** In characters: enough to tell the separator. */
const SAMPLE = 64 * 1024

/**
 * Rows of comma, semicolon, bar or tab separated values as one Markdown table, whose first row is the header. Text that
 * has one column only stays as it is. Rows of nothing are left out.
 */
export function convertCsv(text: string, { file }: Conversion): ConvertedText {
  const delimiter = file.name === 'tsv' ? '\t' : delimiterOf(text)
  if (delimiter === undefined) return { text, format: 'text' }
  const { data } = Papa.parse<string[]>(text, { delimiter, skipEmptyLines: 'greedy' })
  const [header, ...rows] = data
  if (header === undefined || Math.max(header.length, rows[0]?.length ?? 0) < 2) return { text, format: 'text' }
  const columns = rows.reduce((most, row) => Math.max(most, row.length), header.length)
  const lines = [rowOf(header, columns), `|${' --- |'.repeat(columns)}`, ...rows.map((row) => rowOf(row, columns))]
  return { text: `${lines.join('\n')}\n`, format: 'markdown' }
}

/** The separator that gives the same number of columns in all of the first rows, most columns first. */
function delimiterOf(text: string): string | undefined {
  const sample = text.slice(0, SAMPLE)
  const { meta } = Papa.parse<string[]>(sample.slice(0, Math.max(sample.lastIndexOf('\n'), 0)) || sample, {
    delimitersToGuess: [',', '\t', ';', '|'],
    skipEmptyLines: 'greedy',
    preview: 100,
  })
  return sample.includes(meta.delimiter) ? meta.delimiter : undefined
}

/** More columns than this are not filled up in rows that have fewer: a stray long row would multiply the text. */
const MOST_FILLED = 200

function rowOf(row: readonly string[], columns: number): string {
  const missing = columns > MOST_FILLED ? 0 : Math.max(0, columns - row.length)
  return `| ${row.map(cellOf).join(' | ')} |${'  |'.repeat(missing)}`
}

function cellOf(value: string): string {
  return value.replace(/\s+/g, ' ').trim().replaceAll('|', '\\|')
}
