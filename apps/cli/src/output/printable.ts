/**
 * What a terminal acts on, or what deceives its reader: control characters (C0 and C1, so every escape sequence), the
 * line separators, and the marks that reorder text (https://trojansource.codes).
 */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu
const UNSAFE_BUT_LINES = /(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu
/** The same without the C0 controls, which JSON escapes by itself. */
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
/** A style of ours (see paint.ts), or something unsafe. */
// oxlint-disable-next-line no-control-regex -- it is what is looked for
const STYLE_OR_UNSAFE = /(\u001b\[[\d;]*m)|(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** Text from outside in one line: what is unsafe shows as its escape (`\n`, `\u001b`). */
export function printable(text: string): string {
  return text.replace(UNSAFE, escaped)
}

/** The same for text of several lines: line breaks and tabs stay. */
export function printableLines(text: string): string {
  return text.replace(UNSAFE_BUT_LINES, escaped)
}

/** A name from outside, in quotes where it had to be changed, so that it cannot pass for another name. */
export function printableName(name: string): string {
  return name.search(UNSAFE) < 0 ? name : jsonForTerminals(JSON.stringify(name))
}

/** JSON that means the same and can be shown: what `JSON.stringify` leaves as it is becomes an escape. */
export function jsonForTerminals(json: string): string {
  return json.replace(UNSAFE_IN_JSON, escaped)
}

/** The last net under everything that is printed: styles stay, whatever else got through shows as its escape. */
export function onlyStyles(text: string): string {
  return text.replace(STYLE_OR_UNSAFE, (found, style: string | undefined) => style ?? escaped(found))
}

function escaped(character: string): string {
  const known = JSON.stringify(character).slice(1, -1)
  return known === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : known
}
