import type { DocumentStub, KnownDocument, SourceDocument } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { MOST_LINKS } from '../page/markdown-page.ts'
import type { PageContent } from '../page/page-content.ts'
import type { SiteScope } from '../selection.ts'
import type { PageRead, Reading } from '../site/page-reader.ts'
import { documentId } from '../site/url-form.ts'
import { ALTERNATIVE, documentOf, unchangedStub, unreadStub } from '../stub.ts'
import type { Validators } from '../validators.ts'
import type { FrontierNode, Outcome } from './frontier.ts'
import { packLines, unpackLines } from './packed-lines.ts'

/** A page that earlier runs recorded. */
export interface KnownPage {
  readonly document: KnownDocument
  /** Undefined when it was read with other settings. */
  readonly validators: Validators | undefined
}

/** What became of one URL: what is written down, and what the host is told. */
export interface CrawlStep {
  readonly outcome: Outcome
  /** A document as it is now. */
  readonly document?: SourceDocument
  /** A document as it was. */
  readonly unchanged?: DocumentStub
  /** A recorded document that could not be read. */
  readonly unread?: { readonly stub: DocumentStub; readonly error: LoaderError }
  /** The text of a recorded page is another one than recorded. */
  readonly changed?: boolean
}

/** What decides what an answer means. */
export interface StepContext {
  readonly scope: SiteScope
  /** The rules of robots.txt. */
  readonly allows: (url: URL) => boolean
  readonly fingerprint: string
  readonly lastmodOf: (id: string) => string | undefined
  readonly now: () => number
}

/** What a crawl has of a URL. `spared`: an unchanged `lastmod` stood for a request. */
export type CrawlReading =
  | Reading
  | { readonly kind: 'spared' }
  /** Known to lead to nothing: `DeadLinks`. */
  | { readonly kind: 'dead' }

/** What an answer means. Pure. */
export function stepFor(node: FrontierNode, known: KnownPage | undefined, reading: CrawlReading, context: StepContext): CrawlStep {
  const step = stepOf(node, known, reading, context)
  const hops = 'hops' in reading ? (reading.hops ?? 0) : 0
  return hops === 0 ? step : { ...step, outcome: { ...step.outcome, hops } }
}

function stepOf(node: FrontierNode, known: KnownPage | undefined, reading: CrawlReading, context: StepContext): CrawlStep {
  switch (reading.kind) {
    case 'page':
      return pageStep(node, known, reading, context)
    case 'unchanged':
    case 'spared':
      return unchangedStep(node, known, reading, context)
    case 'moved':
      return { outcome: { state: 'redirect', target: reading.to.href } }
    case 'elsewhere':
      return { outcome: { state: 'elsewhere' } }
    case 'missing':
    case 'gone':
      return { outcome: { state: reading.kind, short: 'dead_link' } }
    case 'dead':
      return { outcome: { state: 'missing', short: 'dead_link' } }
    case 'refused':
    case 'failed': {
      // Its links are followed as recorded, so that what lies behind it stays in reach.
      const links = unpackLines(known?.validators?.l ?? '') ?? []
      const url = known?.validators?.u ?? node.url
      // What may be a page counts as failed, also when nothing is known of it; what was never let in does not.
      const counts = known !== undefined || reading.kind === 'failed'
      return {
        outcome: { state: reading.kind, links, short: reading.kind === 'failed' ? 'unanswered' : reading.reason },
        ...(counts && { unread: { stub: unreadStub(node.id, url), error: reading.error } }),
      }
    }
  }
}

function pageStep(node: FrontierNode, known: KnownPage | undefined, page: PageRead, context: StepContext): CrawlStep {
  const refresh = pageOfSite(page.content.refresh, node, context)
  if (refresh !== undefined) return { outcome: { state: 'redirect', target: refresh.href } }
  const canonical = pageOfSite(page.content.canonical, node, context)
  const links = linksOf(page.content, node, context)
  const read = { ...page, content: selected(page, node, context) }
  const document = documentOf(read, {
    id: node.id,
    fingerprint: context.fingerprint,
    lastmod: context.lastmodOf(node.id),
    now: context.now(),
    links: packLines(links),
    brokenCanonical: canonical?.href,
  })
  return {
    outcome: canonical === undefined ? { state: 'document', links, ...shortOf(read.content.skipped) } : { state: 'duplicate', target: canonical.href, links },
    document,
    ...(known?.validators && { changed: isChanged(known.document, known.validators, document) }),
  }
}

function unchangedStep(
  { id }: FrontierNode,
  known: KnownPage | undefined,
  reading: Extract<CrawlReading, { readonly kind: 'unchanged' | 'spared' }>,
  context: StepContext,
): CrawlStep {
  if (known?.validators === undefined) throw new Error('an unchanged answer came to an unconditional request')
  const { document, validators } = known
  const links = unpackLines(validators.l) ?? []
  const seen = reading.kind === 'spared' ? undefined : { ...reading, lastmod: context.lastmodOf(id), now: context.now() }
  return {
    outcome: validators.c === undefined ? { state: 'document', links, ...shortOf(validators.n) } : { state: 'duplicate', target: validators.c, links },
    unchanged: unchangedStub(document, validators, seen),
    ...(reading.kind === 'unchanged' && { changed: false }),
  }
}

/** What is recorded as another form of a page has no version of its own: its words tell. */
function isChanged(known: KnownDocument, validators: Validators, { stub }: SourceDocument): boolean {
  if (known.contentVersion !== ALTERNATIVE) return stub.contentVersion !== known.contentVersion
  return (stub.validators as Partial<Validators> | undefined)?.k !== validators.k
}

/** Pages without text are said, unless their authors or the user wanted it. */
function shortOf(skipped: string | undefined): Pick<Outcome, 'short'> {
  switch (skipped) {
    case 'empty':
      return { short: 'empty' }
    case 'scripts-only':
      return { short: 'scripts_only' }
    case 'too-large':
      return { short: 'too_large' }
    default:
      return {}
  }
}

/** The start page is read for its links even when `path_pattern` does not select it. */
function selected({ url, content }: PageRead, node: FrontierNode, { scope }: StepContext): PageContent {
  if (node.depth > 0 || scope.selects(url) || content.skipped !== undefined) return content
  return { ...content, text: '', skipped: 'not-selected' }
}

/** Another page of the site that a page names in its place; foreign, excluded and `file:` ones do not count. */
function pageOfSite(link: string | undefined, node: FrontierNode, { scope, allows }: StepContext): URL | undefined {
  const url = link === undefined ? undefined : scope.resolve(link)
  if (url === undefined || !scope.follows(url) || !allows(url)) return undefined
  return documentId(url) === node.id ? undefined : url
}

/** Links to pages of the site, each spelling once. What robots.txt says of them is asked when they are followed. */
function linksOf(content: PageContent, node: FrontierNode, { scope }: StepContext): string[] {
  const found = new Set<string>()
  for (const link of content.links) {
    const url = scope.resolve(link)
    if (url === undefined || !scope.follows(url)) continue
    if (documentId(url) !== node.id) found.add(url.href)
    if (found.size >= MOST_LINKS) break
  }
  return [...found]
}
