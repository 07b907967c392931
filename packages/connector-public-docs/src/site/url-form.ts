/** Parameters that say where a visitor came from, or who it is, and never what is shown. */
const TRACKING =
  /^(?:utm_[^=]*|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|mkt_tok|_ga|_gl|_hsenc|_hsmi|hsctatracking|phpsessid|jsessionid)$/i

/** Slashes and index files at the end, as many as there are: the normal form of a normal form is itself. */
const FOLDER_END = /\/(?:index\.x?html?)?$/i
const UNRESERVED = /[A-Za-z0-9\-._~]/

/** Longer ones are made by traps, and servers refuse them. */
const LONGEST_URL = 2_000
/** `/a/b/a/b/…`: a relative link that a server answers at every depth. */
const MOST_SEGMENTS = 40

/**
 * A link as it is requested and shown: absolute, `http` or `https`, without fragment, tracking parameters and session
 * ids, percent-encoded in one way. Undefined for what cannot be requested: other schemes, credentials in the URL,
 * more than 2,000 characters or 40 path segments.
 */
export function cleanUrl(link: string, base?: string | URL): URL | undefined {
  if (!URL.canParse(link, base === undefined ? undefined : String(base))) return undefined
  const url = new URL(link, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined
  if (url.username !== '' || url.password !== '') return undefined
  url.hash = ''
  url.pathname = sameEncoding(url.pathname.replace(/;jsessionid=[^/;]*/gi, ''))
  const query = url.search
    .slice(1)
    .split('&')
    .filter((parameter) => parameter !== '' && !TRACKING.test(parameter.split('=', 1)[0] ?? ''))
    .map(sameEncoding)
    .join('&')
  // Without its own question mark the setter would take away one that belongs to the query.
  url.search = query === '' ? '' : `?${query}`
  if (url.href.length > LONGEST_URL || url.pathname.split('/').length > MOST_SEGMENTS) return undefined
  return url
}

/**
 * The id of the document at a URL: the URL in its normal form. Two URLs with one id are one document. Beyond what
 * {@link cleanUrl} does, a trailing slash and an index file (`index.html`, `index.htm`, `index.xhtml`) are dropped and
 * parameters are sorted by name; scheme, host and port stay, since they decide who answers.
 *
 * @throws TypeError for a text that {@link cleanUrl} does not accept.
 */
export function documentId(url: string | URL): string {
  const clean = cleanUrl(String(url))
  if (clean === undefined) throw new TypeError(`${String(url)} cannot be the URL of a document`)
  let path = clean.pathname
  while (FOLDER_END.test(path)) path = path.replace(FOLDER_END, '')
  const query = clean.search === '' ? '' : `?${sorted(clean.search.slice(1).split('&')).join('&')}`
  return `${clean.origin}${path === '' ? '/' : path}${query}`
}

/** By name; parameters of one name keep their order, which may matter. */
function sorted(parameters: readonly string[]): string[] {
  const name = (parameter: string) => parameter.split('=', 1)[0] ?? ''
  return parameters.toSorted((one, other) => (name(one) < name(other) ? -1 : name(one) > name(other) ? 1 : 0))
}

/** RFC 3986, 6.2.2: unreserved characters are not encoded, and the digits of what is encoded are upper case. */
function sameEncoding(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (encoded, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16))
    return UNRESERVED.test(character) ? character : encoded.toUpperCase()
  })
}
