/**
 * What a server wrote, fit for one line of a message: no control characters, not longer than `limit` characters.
 * Redact it first (`client.redact`, `context.redact`): a secret that is cut is harder to find.
 */
export function printableText(text: string, limit = 300): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this takes out
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ').trim()
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`
}
