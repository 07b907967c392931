import type { DocumentStub, JsonObject, KnownDocument, SourceDocument } from '@qdrant-loader/connector-sdk'
import { contentVersion } from './page/page-content.ts'
import type { PageContent } from './page/page-content.ts'
import { sketchOf } from './page/sketch.ts'
import type { PageRead } from './site/page-reader.ts'
import { lastmodSettlesAt } from './sitemap/lastmod.ts'
import type { Validators } from './validators.ts'

/** A site is listed as a whole. */
export const SCOPE = 'site'

/** HTTP dates have whole seconds: a page may be written again in the second it was sent in (RFC 9110, 8.8.2.2). */
const SAME_SECOND_MS = 2_000

/** What is known of a page beside its content. */
export interface PageFacts {
  readonly id: string
  /** Fingerprint of the settings that it is read with. */
  readonly fingerprint: string
  /** As the sitemap gives it. */
  readonly lastmod: string | undefined
  readonly now: number
  /** Links that are followed, packed. */
  readonly links: string
  /** A canonical URL that leads nowhere. */
  readonly brokenCanonical?: string | undefined
}

/** The document of a page that was read. Equal pages give equal documents, whatever way led to them. */
export function documentOf(page: PageRead, facts: PageFacts): SourceDocument {
  const { content } = page
  const { id, fingerprint } = facts
  const validators: Validators = {
    x: fingerprint,
    ...reliable(page.headers, facts.now),
    ...(page.from.href !== page.url.href && { f: page.from.href }),
    ...(page.url.href !== id && { u: page.url.href }),
    ...(hasTimes(content) && { t: [content.published ?? null, content.modified ?? null] as const }),
    l: facts.links,
    ...settled(facts.lastmod, page.headers, facts.now),
    ...(content.skipped !== undefined && { n: content.skipped }),
    k: sketchOf(content.text, content.contentType.includes('html')),
    ...(facts.brokenCanonical !== undefined && { c: facts.brokenCanonical }),
  }
  return {
    stub: stubOf(id, contentVersion(content), page.url.href, validators),
    text: content.text,
    format: content.format,
    contentType: content.contentType,
    metadata: content.metadata,
    ...(content.title !== undefined && { title: content.title }),
    ...(content.language !== undefined && { language: content.language }),
    ...(content.skipped !== undefined && { skipped: content.skipped }),
  }
}

/** The stub of a page that is as it was recorded. */
export function unchangedStub(
  known: Pick<KnownDocument, 'id' | 'contentVersion'>,
  validators: Validators,
  seen: { readonly url: URL; readonly headers: Headers; readonly lastmod: string | undefined; readonly now: number } | undefined,
): DocumentStub {
  if (seen === undefined) return stubOf(known.id, known.contentVersion, validators.u ?? known.id, validators)
  const { u: _url, s: _lastmod, ...rest } = validators
  const now: Validators = {
    ...rest,
    ...(seen.url.href !== known.id && { u: seen.url.href }),
    ...settled(seen.lastmod, seen.headers, seen.now),
  }
  return stubOf(known.id, known.contentVersion, seen.url.href, now)
}

/** Version of a page that is recorded as another form of one. */
export const ALTERNATIVE = 'alternative'
/** Version of a page that was recorded as another form of one and stands alone now: it has to be read. */
const STANDS_ALONE = 'stands-alone'

/** A page as another form of one: recorded, so that the next crawl asks for it with its validators, and without text. */
export function alternativeOf(stub: DocumentStub): SourceDocument {
  const { id, location, validators } = stub
  return {
    stub: { id, scope: SCOPE, contentVersion: ALTERNATIVE, location, ...(validators !== undefined && { validators }) },
    text: '',
    format: 'text',
    contentType: 'text/plain',
    metadata: {},
    skipped: ALTERNATIVE,
  }
}

/** The stub of an unchanged page that is no other form of one, or not any more. */
export function standingAlone(stub: DocumentStub): DocumentStub {
  return stub.contentVersion === ALTERNATIVE ? { ...stub, contentVersion: STANDS_ALONE } : stub
}

/** The stub of a page that is there for all we know and could not be read: reading it says why. */
export function unreadStub(id: string, url: string): DocumentStub {
  return { id, scope: SCOPE, contentVersion: 'unread', location: { url } }
}

function stubOf(id: string, version: string, url: string, validators: Validators): DocumentStub {
  const [published, modified] = validators.t ?? [null, null]
  return {
    id,
    scope: SCOPE,
    contentVersion: version,
    location: { url },
    ...(published !== null && { createdAt: published }),
    ...(modified !== null && { updatedAt: modified }),
    validators: { ...validators } as JsonObject,
  }
}

function hasTimes({ published, modified }: PageContent): boolean {
  return published !== undefined || modified !== undefined
}

/** The validators that tell two versions apart for certain. A weak ETag of a page that was just written may not. */
function reliable(headers: Headers, now: number): Pick<Validators, 'e' | 'm'> {
  const etag = headers.get('etag') ?? undefined
  const modified = headers.get('last-modified') ?? undefined
  const written = modified === undefined ? Number.NaN : Date.parse(modified)
  const fresh = Math.abs(sentAt(headers, now) - written) < SAME_SECOND_MS
  const strong = etag !== undefined && !etag.startsWith('W/')
  return {
    ...(etag !== undefined && (strong || !fresh) && { e: etag }),
    ...(modified !== undefined && !fresh && !Number.isNaN(written) && { m: modified }),
  }
}

function settled(lastmod: string | undefined, headers: Headers, now: number): Pick<Validators, 's'> {
  const at = lastmod === undefined ? undefined : lastmodSettlesAt(lastmod)
  return lastmod !== undefined && at !== undefined && at <= sentAt(headers, now) ? { s: lastmod } : {}
}

function sentAt(headers: Headers, now: number): number {
  const sent = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(sent) ? now : sent
}
