import type { Document, Element } from 'domhandler'

import { attribute, descendants, textContent } from '../html/element.ts'
import { lineOfProse } from '../html/prose.ts'
import { jsonLdFacts, type JsonLdFacts } from './json-ld.ts'
import { pageTime } from './page-times.ts'

/** What a page says of itself outside its content. */
export interface PageMetadata {
  /** Text of the `title` element. */
  readonly documentTitle?: string | undefined
  readonly openGraphTitle?: string | undefined
  readonly siteName?: string | undefined
  readonly description?: string | undefined
  readonly language?: string | undefined
  readonly canonical?: string | undefined
  readonly refresh?: string | undefined
  readonly noindex: boolean
  readonly nofollow: boolean
  readonly published?: string | undefined
  readonly modified?: string | undefined
  readonly jsonLd: JsonLdFacts
}

interface Facts {
  readonly meta: Map<string, string>
  readonly jsonLd: string[]
  readonly times: Map<string, string>
  title?: string
  canonical?: string
  refresh?: string
  language?: string
}

/** @param base absolute URL that addresses of the page are relative to, if there is one */
export function pageMetadata(document: Document, base: string | undefined, url: string | undefined): PageMetadata {
  const facts = collect(document)
  const { meta } = facts
  const jsonLd = jsonLdFacts(facts.jsonLd)
  const robots = (meta.get('robots') ?? '').toLowerCase().split(/[\s,]+/)
  const first = (...names: string[]): string | undefined => names.map((name) => meta.get(name)).find((value) => value !== undefined)
  return {
    documentTitle: facts.title,
    openGraphTitle: first('og:title'),
    siteName: first('og:site_name', 'application-name'),
    description: first('description', 'og:description', 'dc.description', 'twitter:description'),
    language: languageTag(facts.language ?? first('content-language', 'dc.language', 'og:locale')),
    canonical: webAddress(facts.canonical, base),
    refresh: refreshTarget(facts.refresh, base, url),
    noindex: robots.includes('noindex') || robots.includes('none'),
    nofollow: robots.includes('nofollow') || robots.includes('none'),
    published: firstTime(first('article:published_time', 'dc.date.issued', 'dc.date.created', 'dcterms.issued', 'dcterms.created', 'dc.date', 'dcterms.date'), jsonLd.published, facts.times.get('datepublished')),
    modified: firstTime(first('article:modified_time', 'og:updated_time', 'dc.date.modified', 'dcterms.modified'), jsonLd.modified, facts.times.get('datemodified')),
    jsonLd,
  }
}

function collect(document: Document): Facts {
  const facts: Facts = { meta: new Map(), jsonLd: [], times: new Map() }
  for (const element of descendants(document, ({ name }) => name !== 'svg' && name !== 'template')) {
    switch (element.name) {
      case 'html':
        setOnce(facts, 'language', attribute(element, 'lang') ?? attribute(element, 'xml:lang'))
        break
      case 'title':
        setOnce(facts, 'title', lineOfProse(textContent(element)))
        break
      case 'meta':
        collectMeta(element, facts)
        break
      case 'link':
        if (words(attribute(element, 'rel')).includes('canonical')) setOnce(facts, 'canonical', attribute(element, 'href'))
        break
      case 'script':
        if (/^application\/ld\+json\b/i.test(attribute(element, 'type') ?? '')) facts.jsonLd.push(textContent(element))
        break
      default:
        collectTime(element, facts)
    }
  }
  return facts
}

function collectMeta(element: Element, facts: Facts): void {
  const content = attribute(element, 'content')
  if (content === undefined) return
  const name = attribute(element, 'name') ?? attribute(element, 'property') ?? attribute(element, 'http-equiv')
  if (attribute(element, 'http-equiv')?.toLowerCase() === 'refresh') setOnce(facts, 'refresh', content)
  collectTime(element, facts)
  const key = name?.trim().toLowerCase()
  const value = lineOfProse(content)
  if (key !== undefined && value !== '' && !facts.meta.has(key)) facts.meta.set(key, value)
}

/** schema.org's `dateModified` and `datePublished` as microdata. */
function collectTime(element: Element, facts: Facts): void {
  const key = attribute(element, 'itemprop')?.toLowerCase()
  if (key !== 'datemodified' && key !== 'datepublished') return
  const value = attribute(element, 'datetime') ?? attribute(element, 'content')
  if (value !== undefined && !facts.times.has(key)) facts.times.set(key, value)
}

function setOnce(facts: Facts, key: 'title' | 'canonical' | 'refresh' | 'language', value: string | undefined): void {
  if (value !== undefined && value.trim() !== '') facts[key] ??= value.trim()
}

function words(value: string | undefined): string[] {
  return (value ?? '').toLowerCase().split(/\s+/)
}

function languageTag(value: string | undefined): string | undefined {
  const tag = value?.split(',')[0]?.trim().replace(/_/g, '-').replace(/\.\w+$/, '')
  return tag !== undefined && /^[A-Za-z]{2,8}(?:-[A-Za-z\d]{1,8})*$/.test(tag) ? tag : undefined
}

/** Absolute `http` or `https` URL without its fragment. */
export function webAddress(href: string | undefined, base: string | undefined): string | undefined {
  const url = href === undefined ? null : URL.parse(href.trim(), base)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  url.hash = ''
  return url.href
}

/** `5; url='next.html'` as browsers read it, in one pass: a number, a separator, `url=`, an address that may be quoted. */
function refreshTarget(content: string | undefined, base: string | undefined, url: string | undefined): string | undefined {
  if (content === undefined || content.length > LONGEST_REFRESH) return undefined
  const text = content.trim()
  let at = 0
  while (/[\d.]/.test(text.charAt(at))) at++
  // A page that is shown for longer is read; then a session ends, or the next slide is shown.
  if (Number.parseFloat(text) > LONGEST_WAIT) return undefined
  const behind = text.slice(at).trimStart()
  if (behind === text.slice(at) && !/^[;,]/.test(behind)) return undefined
  const rest = (/^[;,]/.test(behind) ? behind.slice(1) : behind).trimStart()
  const address = webAddress(unquoted(withoutKey(rest)), base)
  return address === webAddress(url, url) ? undefined : address
}

/** Seconds that a page which only leads elsewhere is shown at most. */
const LONGEST_WAIT = 30
/** No address that is followed is longer. */
const LONGEST_REFRESH = 5_000

/** What follows `url =`, which may be left out. */
function withoutKey(text: string): string {
  if (!/^url/i.test(text)) return text
  const value = text.slice(3).trimStart()
  return value.startsWith('=') ? value.slice(1).trimStart() : text
}

function unquoted(text: string): string | undefined {
  const quote = text.charAt(0)
  const value = quote === '"' || quote === "'" ? (text.slice(1).split(quote, 1)[0] ?? '') : text
  return value.trim() === '' ? undefined : value.trim()
}

function firstTime(...values: readonly (string | undefined)[]): string | undefined {
  for (const value of values) {
    const time = value === undefined ? undefined : pageTime(value)
    if (time !== undefined) return time
  }
  return undefined
}
