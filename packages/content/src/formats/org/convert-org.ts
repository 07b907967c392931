import type { Json } from '@qdrant-loader/connector-sdk'

import type { ConvertedText } from '../format.ts'
import { markdownTitle } from '../markdown/markdown-title.ts'
import { orgInline } from './org-inline.ts'

const HEADING = /^(\*{1,20}) (.*)$/
/** What stands before and behind the words of a heading: its state, priority and tags. */
const STATE = /^(?:TODO|DONE|NEXT|WAITING|CANCELLED|CANCELED) +/
const PRIORITY = /^\[#[A-Z]\] +/
const TAGS = /[ \t]:[\w@#%:]{1,200}:$/
const KEYWORD = /^#\+([A-Za-z_]{1,40}):(?: (.*))?$/
const BEGIN = /^[ \t]*#\+begin_([a-z]{1,40})(?: (.*))?$/i
const DRAWER = /^[ \t]*:([A-Za-z_-]{1,60}):$/
const END_DRAWER = /^[ \t]*:end:$/i
/** Keywords about the document, for the payload. */
const ABOUT = new Set(['author', 'email', 'date', 'description', 'keywords', 'language', 'filetags', 'category', 'subtitle'])
/** Code, which stays as it is; anything else in a block is text. */
const VERBATIM = new Set(['src', 'example', 'export', 'verse'])

/**
 * Org as Markdown: headings without their states and tags, code with its language, quotations, tables, lists and
 * links. Comments, drawers and settings leave the text; what they say of the document is metadata. The title is
 * `#+TITLE:`, otherwise the first heading.
 */
export function convertOrg(source: string): ConvertedText {
  const about: Record<string, Json> = {}
  const out: string[] = []
  const lines = source.split('\n')
  const ends = new Map<string, number>()
  for (const [at, line] of lines.entries()) if (/^[ \t]*#\+end_/i.test(line)) ends.set(line.trim().toLowerCase(), at)
  let title = ''
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string
    const keyword = KEYWORD.exec(line)
    const begin = BEGIN.exec(line)
    if (keyword !== null) {
      const [, name = '', value = ''] = keyword
      if (name.toLowerCase() === 'title') title = `${title} ${value.trim()}`.trim()
      else if (name.toLowerCase() === 'caption') out.push(`**${orgInline(value.trim())}**`, '')
      else if (ABOUT.has(name.toLowerCase()) && value.trim() !== '') about[name.toLowerCase()] = value.trim().slice(0, 1_000).toWellFormed()
    } else if (begin !== null) at = takeBlock(lines, at, begin, ends, out)
    else if (DRAWER.test(line)) at = behindDrawer(lines, at)
    else if (!/^[ \t]*#(?: |$|\+)/.test(line) && !/^[ \t]*(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):/.test(line)) out.push(lineOf(line))
  }
  const text = out.join('\n')
  return { text, format: 'markdown', title: title === '' ? markdownTitle(text) : title, ...(Object.keys(about).length > 0 && { metadata: { front_matter: about } }) }
}

/** Takes a block up to its end, or its first line alone where it has none; gives the last line that was taken. */
function takeBlock(lines: readonly string[], start: number, [, kind = '', rest = '']: RegExpExecArray, ends: ReadonlyMap<string, number>, out: string[]): number {
  const name = kind.toLowerCase()
  const mark = `#+end_${name}`
  if ((ends.get(mark) ?? -1) <= start) return start
  let end = start + 1
  while ((lines[end] as string).trim().toLowerCase() !== mark) end++
  if (name === 'comment') return end
  const body = lines.slice(start + 1, end)
  const language = name === 'src' ? (rest.trim().split(/\s/)[0] ?? '') : ''
  if (VERBATIM.has(name)) out.push(...fenced(body, language))
  else if (name === 'quote') out.push('', ...body.map((line) => `> ${lineOf(line)}`.trimEnd()), '')
  else out.push('', ...body.map(lineOf), '')
  return end
}

function fenced(body: readonly string[], language: string): string[] {
  const longest = body.reduce((most, line) => Math.max(most, /^ {0,3}(`{3,})/.exec(line)?.[1]?.length ?? 0), 2)
  const fence = '`'.repeat(longest + 1)
  // A comma keeps Org from taking a line for a heading.
  return ['', `${fence}${language}`, ...body.map((line) => line.replace(/^([ \t]*),(?=[*#,])/, '$1')), fence, '']
}

function behindDrawer(lines: readonly string[], start: number): number {
  for (let at = start + 1; at < lines.length && at < start + 500; at++) {
    if (END_DRAWER.test(lines[at] as string)) return at
    if (HEADING.test(lines[at] as string)) break
  }
  return start
}

function lineOf(line: string): string {
  const heading = HEADING.exec(line)
  if (heading !== null) {
    const words = (heading[2] ?? '').trim().replace(STATE, '').replace(PRIORITY, '').replace(TAGS, '').trim()
    return `\n${'#'.repeat(Math.min(6, heading[1]?.length ?? 1))} ${orgInline(words)}\n`
  }
  if (/^[ \t]*\|[-+|]{3,}$/.test(line)) return line.replaceAll('+', '|').replace(/-+/g, ' --- ')
  // `- term :: its meaning`, `+ item`, `: literal`.
  const bare = line.trimStart()
  const indent = line.slice(0, line.length - bare.length)
  if (/^[+*-][ \t]/.test(bare)) {
    const words = bare.slice(1).trimStart().replace(/^\[[ X-]\][ \t]/, '')
    const term = words.indexOf(' :: ')
    return `${indent}- ${term === -1 ? orgInline(words) : `**${orgInline(words.slice(0, term))}**: ${orgInline(words.slice(term + 4))}`}`
  }
  const literal = /^[ \t]*:(?: (.*))?$/.exec(line)
  return literal === null ? orgInline(line) : `    ${literal[1] ?? ''}`
}
