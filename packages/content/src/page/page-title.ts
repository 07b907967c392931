import type { Heading, Nodes } from 'mdast'

import type { Block } from '../html/conversion.ts'
import { lineOfProse } from '../html/prose.ts'
import type { PageMetadata } from './page-metadata.ts'

/** What may stand between the title of a page and the name of its site. */
const SEPARATORS = new Set('|—–·•»«:-')
/** Numbers of sections end with a stop (`7.1. Syntax`), or say what they count (`Chapter 3 Syntax`). */
const NUMBERED = /^(?:(?:chapter|section|appendix|part|annex) (?:[A-Z]|\d{1,4}|[IVXL]{1,8})(?:\.\d{1,4}){0,8}[.:)]?|(?:[A-Z]\.)?\d{1,4}(?:\.\d{1,4}){0,8}[.)]|[A-Z]\.(?:\d{1,4}\.){1,8}|§ ?\d{1,4}(?:\.\d{1,4}){0,8}\.?) (?=\S)/i

/**
 * The title of a page: the better of what its metadata and its headings say. One heading of level 1 without a number is
 * the title. Where there are several, or it has a number, it may be that of a section, and what the page calls itself
 * goes first. Numbers of sections are never part of it: they change when a chapter is inserted before them.
 */
export function pageTitle(metadata: Pick<PageMetadata, 'openGraphTitle' | 'documentTitle' | 'siteName'>, blocks: readonly Block[]): string | undefined {
  const { openGraphTitle, documentTitle, siteName } = metadata
  const headings = topHeadings(blocks).filter((heading) => heading !== siteName)
  const [heading] = headings
  const bare = heading === undefined ? undefined : withoutNumber(heading)
  const own = ownTitle(metadata, bare)
  if (own === undefined || bare === undefined) return own ?? bare ?? openGraphTitle ?? documentTitle
  return headings.length > 1 || bare !== heading ? own : bare
}

/** What the metadata say, without the site's name and without a number. Undefined where that is only the site's name. */
function ownTitle({ openGraphTitle, documentTitle, siteName }: Parameters<typeof pageTitle>[0], heading: string | undefined): string | undefined {
  for (const title of [openGraphTitle, documentTitle]) {
    if (title === undefined) continue
    const own = withoutNumber(titleWithoutSite(title, siteName, heading))
    if (own !== siteName && own !== '') return own
  }
  return undefined
}

/** At most two are looked for: more say no more. */
function topHeadings(blocks: readonly Block[]): string[] {
  const found: string[] = []
  for (const block of blocks) {
    if (block.type !== 'heading' || (block as Heading).depth !== 1) continue
    const text = lineOfProse(textOf(block))
    if (text !== '') found.push(text)
    if (found.length === 2) break
  }
  return found
}

function textOf(node: Nodes): string {
  if (node.type === 'html') return ''
  if ('value' in node) return node.value
  if (node.type === 'image') return node.alt ?? ''
  if (!('children' in node)) return ' '
  return node.children.map(textOf).join('')
}

/** A heading without the number of its section. A number that is part of the words (`2.0 release notes`) stays. */
export function withoutNumber(title: string): string {
  const number = NUMBERED.exec(title)?.[0]
  return number === undefined ? title : title.slice(number.length)
}

/**
 * The title of a document without the name of the site that most pages put before or behind it.
 *
 * @param title one line, with single blanks
 * @param siteName the site's own name, if the page gives it
 * @param heading the page's heading, if it has one
 */
function titleWithoutSite(title: string, siteName: string | undefined, heading: string | undefined): string {
  const parts = partsOf(title)
  if (parts.length < 2) return title
  const named = parts.find(({ text }) => text === heading || (heading !== undefined && withoutNumber(text) === heading))
  if (named !== undefined) return named.text
  const site = siteName === undefined ? -1 : parts.findIndex(({ text }) => text === siteName)
  if (site === 0) return title.slice(parts[1]?.start).trim()
  const last = parts[site > 0 ? site : parts.length - 1]
  return last === undefined ? title : trimmedEnd(title.slice(0, last.start)) || title
}

interface TitlePart {
  readonly text: string
  readonly start: number
}

/** Between parts stand one or two separators with blanks around them; `|` and `»` need none. */
function partsOf(title: string): TitlePart[] {
  const parts: TitlePart[] = []
  let start = 0
  const take = (end: number): void => {
    const text = title.slice(start, end).trim()
    if (text !== '') parts.push({ text, start })
  }
  for (let at = 0; at < title.length; at++) {
    if (!SEPARATORS.has(title.charAt(at))) continue
    const end = SEPARATORS.has(title.charAt(at + 1)) ? at + 2 : at + 1
    const alone = /\s/.test(title.charAt(at - 1)) && /\s/.test(title.charAt(end))
    if (alone || title.charAt(at) === '|' || title.charAt(at) === '»') {
      take(at)
      start = end
      at = end - 1
    }
  }
  take(title.length)
  return parts
}

/** Without the separators and blanks at its end. */
function trimmedEnd(text: string): string {
  let end = text.length
  while (end > 0 && (SEPARATORS.has(text.charAt(end - 1)) || text.charAt(end - 1) === ' ')) end--
  return text.slice(0, end)
}
