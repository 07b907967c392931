/** A user name or password found before the host of a URL: `start` to `end`, without the `@`. */
export interface UserInfo {
  readonly start: number
  readonly end: number
}

const LONGEST_SCHEME = 20

/**
 * Where URLs in a text name a user or a password. The login that everybody shares (`ssh://git@host`) is left out.
 * Looks at each character a bounded number of times, whatever the text.
 */
export function* userInfosIn(text: string): Generator<UserInfo> {
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const scheme = schemeBefore(text, at)
    const start = at + 3
    // A password may hold an `@`: the last one before the host's end counts, as for every URL parser.
    const length = text.slice(start, authorityEnd(text, start)).lastIndexOf('@')
    if (scheme === '' || length < 1) continue
    const end = start + length
    if (!isSharedLogin(scheme, text.slice(start, end))) yield { start, end }
  }
}

function schemeBefore(text: string, end: number): string {
  let start = end
  while (start > 0 && end - start < LONGEST_SCHEME && /[a-z0-9+.-]/i.test(text.charAt(start - 1))) start -= 1
  // What stands before it in words (`see-https`) may be part of it; it has to have a letter, no more.
  const scheme = text.slice(start, end)
  const first = scheme.search(/[a-z]/i)
  return first === -1 ? '' : scheme.slice(first)
}

function authorityEnd(text: string, start: number): number {
  let end = start
  while (end < text.length && !/[\s/?#"'<>]/.test(text.charAt(end))) end += 1
  return end
}

function isSharedLogin(scheme: string, info: string): boolean {
  return scheme.toLowerCase().includes('ssh') && !info.includes(':')
}
