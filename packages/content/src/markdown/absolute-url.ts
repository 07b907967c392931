const WITH_SCHEME = /^([A-Za-z][A-Za-z\d+.-]*):/
const REFUSED = new Set(['javascript', 'data', 'vbscript', 'blob', 'about'])

/** What an address is relative to: the page it stands in, else the site. */
export interface UrlBase {
  readonly site?: string
  readonly page?: string
}

/**
 * Address of a link as it can be followed from elsewhere. `undefined` for scripts, for data in the address and for
 * what cannot be resolved: its text is shown without a link. Absolute addresses stay as they are written.
 */
export function absoluteUrl(href: string, base: UrlBase): string | undefined {
  const value = href.trim().replace(/[\r\n\t]/g, '')
  const scheme = WITH_SCHEME.exec(value)?.[1]?.toLowerCase()
  if (value === '' || (scheme !== undefined && REFUSED.has(scheme))) return undefined
  if (scheme !== undefined) return value
  if (value.startsWith('#')) return base.page === undefined || value === '#' ? undefined : `${base.page}${value}`
  const from = base.page ?? (base.site === undefined ? undefined : `${base.site.replace(/(?<!\/)\/+$/, '')}/`)
  return from !== undefined && URL.canParse(value, from) ? new URL(value, from).href : undefined
}
