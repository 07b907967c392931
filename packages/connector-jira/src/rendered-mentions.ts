// No part reaches into the next tag, so that no text can make this slow.
const MENTION = /<a\b(?=[^<>]*\bclass="user-hover")(?=[^<>]*\brel="([^"<>]*)")[^<>]*>([^<]*)<\/a>/g
const ENTITY = /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});/gi
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** People that HTML of Data Center mentions, as name to sign in with and display name. The server renders it anew for each answer. */
export function renderedMentions(html: string): readonly (readonly [id: string, name: string])[] {
  return [...html.matchAll(MENTION)].map(([, id = '', name = '']) => [decoded(id), decoded(name).trim()])
}

function decoded(text: string): string {
  return text.replace(ENTITY, (entity) => {
    const word = entity.slice(1, -1).toLowerCase()
    const point = word.startsWith('#x') ? Number.parseInt(word.slice(2), 16) : Number(word.slice(1))
    return NAMED[word] ?? (point <= 0x10_ff_ff ? String.fromCodePoint(point) : entity)
  })
}
