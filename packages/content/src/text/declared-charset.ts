/** Browsers look this far for a declaration; some generators put it behind a long comment, so we look further. */
const PRESCAN_BYTES = 4096

/**
 * The charset label that an HTML or XML document declares for itself: `<meta charset>`, `<meta http-equiv>` or the XML
 * declaration, in its first bytes and outside comments.
 */
export function declaredCharset(bytes: Uint8Array): string | undefined {
  const head = withoutComments(latin1(bytes.subarray(0, PRESCAN_BYTES)))
  const xml = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]+)["']/i.exec(head)
  for (const [tag] of head.matchAll(/<meta[\s/][^<>]*>/gi)) {
    const charset = /[\s"'/]charset\s*=\s*(?:["']\s*)?([^"'\s/>;]+)/i.exec(tag)
    if (charset?.[1] !== undefined) return charset[1]
  }
  return xml?.[1]
}

/** A comment that is not closed goes on to the end. */
function withoutComments(text: string): string {
  let kept = ''
  for (let at = 0; ; ) {
    const open = text.indexOf('<!--', at)
    if (open === -1) return kept + text.slice(at)
    kept += text.slice(at, open)
    const close = text.indexOf('-->', open + 4)
    if (close === -1) return kept
    at = close + 3
  }
}

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
