/** A URL as it may appear in messages and logs: without user, password, query and fragment, and not endlessly long. */
export function printableUrl(url: string | URL): string {
  const parsed = typeof url === 'string' ? parse(url) : url
  if (parsed === undefined) return 'an address that is no URL'
  const text = `${parsed.protocol}//${parsed.host}${parsed.pathname}`
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`
}

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}
