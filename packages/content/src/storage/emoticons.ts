/** Emoticons of older pages, which have a name and nothing else. In tables they often are the whole answer. */
const EMOTICONS: ReadonlyMap<string, string> = new Map([
  ['smile', '\u{1F642}'], ['sad', '\u{1F641}'], ['cheeky', '\u{1F61B}'], ['laugh', '\u{1F603}'], ['wink', '\u{1F609}'],
  ['thumbs-up', '\u{1F44D}'], ['thumbs-down', '\u{1F44E}'], ['information', '\u2139\uFE0F'], ['tick', '\u2705'],
  ['cross', '\u274C'], ['warning', '\u26A0\uFE0F'], ['plus', '\u2795'], ['minus', '\u2796'], ['question', '\u2753'],
  ['light-on', '\u{1F4A1}'], ['light-off', '\u{1F4A1}'], ['yellow-star', '\u2B50'], ['red-star', '\u2B50'],
  ['green-star', '\u2B50'], ['blue-star', '\u2B50'], ['heart', '\u2764\uFE0F'], ['broken-heart', '\u{1F494}'],
])

/** Emoji of Atlassian's own, by their short names without colons and signs between words. */
const ATLASSIAN: ReadonlyMap<string, string> = new Map([
  ...[...EMOTICONS].map(([name, character]): [string, string] => [plain(name), character]),
  ['checkmark', '\u2705'], ['crossmark', '\u274C'], ['questionmark', '\u2753'], ['exclamationmark', '\u2757'], ['info', '\u2139\uFE0F'],
  ['lightbulbon', '\u{1F4A1}'], ['lightbulboff', '\u{1F4A1}'], ['lightbulb', '\u{1F4A1}'], ['note', '\u{1F4DD}'], ['flagon', '\u{1F6A9}'],
  ['flagoff', '\u{1F3F3}\uFE0F'],
])

/** What an emoji of a page is written with. */
export interface Emoji {
  readonly name: string | undefined
  /** Code points in hexadecimal where it is a character: `1f1e9-1f1ea`. */
  readonly id: string | undefined
  /** With colons. */
  readonly shortName: string | undefined
  /** The character, or the short name once more. */
  readonly fallback: string | undefined
}

/** The character of an emoji; its short name where there is none; nothing when it has no name either. */
export function emojiOf({ name = '', id = '', shortName = '', fallback = '' }: Emoji): string {
  if (fallback !== '' && !isShortName(fallback)) return fallback
  const short = isShortName(fallback) ? fallback : shortName
  // The Cloud editor calls every emoji `blue-star` that the editors of old did not have.
  const legacy = name === 'blue-star' && short !== '' ? undefined : EMOTICONS.get(name)
  return ATLASSIAN.get(plain(short)) ?? legacy ?? characterOf(id) ?? (short || (name === '' ? '' : `:${name}:`))
}

function isShortName(text: string): boolean {
  return /^:[^:\s]+:$/.test(text)
}

function plain(name: string): string {
  return name.replace(/[:_-]/g, '').toLowerCase()
}

function characterOf(id: string): string | undefined {
  if (!/^[0-9a-f]{2,6}(?:-[0-9a-f]{2,6})*$/i.test(id)) return undefined
  const points = id.split('-').map(point => Number.parseInt(point, 16))
  return points.some(point => point > 0x10FFFF || point < 0x23) ? undefined : String.fromCodePoint(...points)
}
