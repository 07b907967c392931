const WITH_SCHEME = /^([A-Za-z][A-Za-z\d+.-]*):/
const REFUSED = new Set(['javascript', 'data', 'vbscript', 'blob', 'about'])

/**
 * Address of a link as it can be followed from elsewhere. `undefined` for scripts, for data in the address and for
 * what cannot be resolved: its text is shown without a link. Addresses that no URL parser takes stay as they are.
 */
export function absoluteUrl(href: string, base: { readonly site: string, readonly page?: string }): string | undefined {
  const value = href.trim().replace(/[\r\n\t]/g, '')
  const scheme = WITH_SCHEME.exec(value)?.[1]?.toLowerCase()
  if (value === '' || (scheme !== undefined && REFUSED.has(scheme))) return undefined
  if (scheme !== undefined) return value
  if (value.startsWith('#')) return base.page === undefined || value === '#' ? undefined : `${base.page}${value}`
  const from = base.page ?? `${base.site.replace(/\/+$/, '')}/`
  return URL.canParse(value, from) ? new URL(value, from).href : undefined
}
