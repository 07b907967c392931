/** One entry of a sitemap or of an index of sitemaps. */
export interface SitemapEntry {
  readonly url: string
  /** As written. */
  readonly lastmod?: string
}

/** What a file says. `whole` is false when it ends before its root element does. */
export interface ParsedSitemap {
  readonly kind: 'pages' | 'index'
  readonly entries: readonly SitemapEntry[]
  readonly whole: boolean
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
/** The protocol allows 50,000. */
const MOST_ENTRIES = 50_000

/**
 * Reads the XML of a sitemap (https://www.sitemaps.org/protocol.html) in one pass. Undefined for what is none. Only the
 * five predefined entities and character references exist: a document type cannot define others, so none can grow.
 */
export function parseSitemap(xml: string): ParsedSitemap | undefined {
  const reader = new SitemapReading()
  let at = 0
  while (at < xml.length) {
    const open = xml.indexOf('<', at)
    if (open < 0) break
    reader.text(unescaped(xml.slice(at, open)))
    const end = markupEnd(xml, open)
    if (end < 0) break
    if (xml.startsWith('<![CDATA[', open)) reader.text(xml.slice(open + 9, end - 3))
    else if (xml[open + 1] !== '!' && xml[open + 1] !== '?') reader.tag(xml.slice(open + 1, end - 1))
    if (reader.done) break
    at = end
  }
  return reader.result()
}

/** Where the markup that starts here has ended; -1 when it does not end. */
function markupEnd(xml: string, open: number): number {
  const close = xml.startsWith('<!--', open) ? '-->' : xml.startsWith('<![CDATA[', open) ? ']]>' : '>'
  const found = xml.indexOf(close, open + 1)
  return found < 0 ? -1 : found + close.length
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** The state of one reading: elements of extensions (`image:loc`) have another prefix than the root, and are passed over. */
class SitemapReading {
  readonly #entries: SitemapEntry[] = []
  #root: 'urlset' | 'sitemapindex' | undefined
  #prefix = ''
  #started = false
  #whole = false
  #field: 'loc' | 'lastmod' | undefined
  #loc = ''
  #lastmod = ''

  get done(): boolean {
    return this.#whole || this.#entries.length >= MOST_ENTRIES || (this.#started && this.#root === undefined)
  }

  text(text: string): void {
    if (this.#field === 'loc') this.#loc += text
    else if (this.#field === 'lastmod') this.#lastmod += text
  }

  tag(tag: string): void {
    const closing = tag.startsWith('/')
    const name = /^\/?([^\s/]+)/.exec(tag)?.[1] ?? ''
    if (!this.#started) return this.#start(name, tag.endsWith('/'))
    if (!name.startsWith(this.#prefix) || name.slice(this.#prefix.length).includes(':')) return
    const local = name.slice(this.#prefix.length)
    if (local === 'loc' || local === 'lastmod') this.#field = closing || tag.endsWith('/') ? undefined : local
    else if (local === 'url' || local === 'sitemap') this.#entry(closing)
    else if (closing && local === this.#root) this.#whole = true
  }

  /** @param empty the root element has ended already: nothing is listed */
  #start(name: string, empty: boolean): void {
    this.#started = true
    const colon = name.indexOf(':')
    const local = name.slice(colon + 1)
    if (local !== 'urlset' && local !== 'sitemapindex') return
    this.#root = local
    this.#whole = empty
    this.#prefix = name.slice(0, colon + 1)
  }

  #entry(closing: boolean): void {
    const url = this.#loc.trim()
    const lastmod = this.#lastmod.trim()
    if (closing && url !== '') this.#entries.push({ url, ...(lastmod !== '' && { lastmod }) })
    this.#loc = ''
    this.#lastmod = ''
    this.#field = undefined
  }

  result(): ParsedSitemap | undefined {
    if (this.#root === undefined) return undefined
    const whole = this.#whole || this.#entries.length >= MOST_ENTRIES
    return { kind: this.#root === 'urlset' ? 'pages' : 'index', entries: this.#entries, whole }
  }
}
