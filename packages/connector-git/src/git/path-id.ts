import { isUtf8 } from 'node:buffer'

/** Starts the ids of paths that are not valid UTF-8 (and of those that happen to start with it). */
const ESCAPED = 'bytes:'

const lossy = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The document id of a path. Git paths are bytes: one that is valid UTF-8 is its own id; any other is written as
 * `bytes:` and the path with each byte outside printable ASCII, and each `%`, as `%XX`. No two paths share an id.
 */
export function pathToId(path: Buffer): string {
  const text = isUtf8(path) ? path.toString('utf8') : undefined
  if (text !== undefined && !text.startsWith(ESCAPED)) return text
  let escaped = ESCAPED
  for (const byte of path) {
    const plain = byte > 0x1f && byte < 0x7f && byte !== 0x25
    escaped += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return escaped
}

/** The path of a document id: the inverse of {@link pathToId}. */
export function idToPath(id: string): Buffer {
  if (!id.startsWith(ESCAPED)) return Buffer.from(id, 'utf8')
  const bytes: number[] = []
  for (let at = ESCAPED.length; at < id.length; at++) {
    if (id[at] === '%') {
      bytes.push(Number.parseInt(id.slice(at + 1, at + 3), 16))
      at += 2
    } else bytes.push(id.charCodeAt(at))
  }
  return Buffer.from(bytes)
}

/** The path as a person reads it, for globs and titles: bytes that are not UTF-8 become U+FFFD. */
export function idToText(id: string): string {
  return id.startsWith(ESCAPED) ? lossy.decode(idToPath(id)) : id
}

/** True when the path has an id of the plain kind. */
export function isPlainId(id: string): boolean {
  return !id.startsWith(ESCAPED)
}
