/** A longer query or fragment carries data (the code of a playground), not an address, in characters. */
const LONGEST_TAIL = 200

/**
 * Address of a link as it is written into Markdown: absolute where there is a base, except for a place in the same
 * page (`#name`), which would change with every move of the page. `undefined` for what leads nowhere (`javascript:`,
 * `data:`, an address that is none) and for one whose query or fragment is longer than 200 characters.
 */
export function resolveLink(href: string, baseUrl: string | undefined): string | undefined {
  const address = href.replace(/[\t\n\r]/g, '').trim()
  if (address === '' || address === '#') return undefined
  if (/^(?:javascript|data|vbscript|blob|about):/i.test(address)) return undefined
  if (tailOf(address) > LONGEST_TAIL) return undefined
  if (address.startsWith('#') || baseUrl === undefined) return address
  const url = URL.parse(address, baseUrl)
  if (url === null) return undefined
  const samePage = url.hash !== '' && url.href.slice(0, -url.hash.length) === baseUrl.split('#', 1)[0]
  return samePage ? url.hash : url.href
}

/** Length of what follows the path. */
function tailOf(address: string): number {
  const start = address.search(/[?#]/)
  return start < 0 ? 0 : address.length - start
}
