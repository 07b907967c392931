/** Soft hyphens, zero-width spaces, byte order marks, the glyphs of icon fonts, and control characters. */
const UNSEEN = /[\u00AD\u200B\u2060\uFEFF\p{Co}]|(?![\t\n\f\r])\p{Cc}/gu

/** Text of prose without the characters that nobody sees; no-break spaces become spaces. */
export function proseText(data: string): string {
  return data.replace(UNSEEN, '').replace(/[\u00A0\u202F\u2007]/g, ' ')
}

/** The same in one line, without blanks at its ends. */
export function lineOfProse(data: string): string {
  return proseText(data).replace(/\s+/g, ' ').trim()
}
