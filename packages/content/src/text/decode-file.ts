import { isUtf8 } from 'node:buffer'

import type { SkipReason } from '@qdrant-loader/connector-sdk'
import { decodeStrictly, type DecodedFile } from './decode-strictly.ts'

/** Git itself looks this far for a NUL to tell binary files from text (`buffer_is_binary`). */
const BINARY_WINDOW = 8_000
/** A Git LFS pointer is shorter than this (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const POINTER_LIMIT = 1_024
const POINTER =
  /^version https:\/\/(?:git-lfs\.github\.com\/spec\/v1|hawser\.github\.com\/spec\/v1)\n(?:[a-z0-9.-]+ [^\n]*\n)*?oid sha256:[0-9a-f]{64}\n(?:[a-z0-9.-]+ [^\n]*\n)*?size \d+\n(?:[a-z0-9.-]+ [^\n]*\n)*$/

/**
 * The text of a file of which nothing is known but its bytes, or why it has none: UTF-8 with or without a byte order
 * mark, UTF-16 with one, otherwise an encoding from before Unicode that the bytes are likely to be in. UTF-16 without a
 * mark counts as binary, and so does what is not UTF-8 and holds control characters that no text has.
 */
export async function decodeFile(bytes: Uint8Array): Promise<DecodedFile | { readonly skipped: SkipReason }> {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined
  const decoded = marked === undefined ? await decodeUnmarked(bytes) : decodeUtf16(bytes, marked)
  if ('skipped' in decoded) return decoded
  return decoded.text.trim() === '' ? { skipped: 'empty' } : decoded
}

function decodeUtf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): DecodedFile | { readonly skipped: SkipReason } {
  const text = decodeStrictly(bytes, encoding)
  // The mark of UTF-32 starts with that of UTF-16, and then every other character is a NUL.
  return text === undefined || text.includes('\0') ? { skipped: 'undecodable' } : { text }
}

async function decodeUnmarked(bytes: Uint8Array): Promise<DecodedFile | { readonly skipped: SkipReason }> {
  if (bytes.subarray(0, BINARY_WINDOW).includes(0)) return { skipped: 'binary' }
  // A stray control character does not make a text of UTF-8 binary: editors and copies leave them behind.
  if (!isUtf8(bytes)) return hasControls(bytes) ? { skipped: 'binary' } : (await import('./legacy-encoding.ts')).decodeLegacy(bytes)
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', start)
  return bytes.length < POINTER_LIMIT && POINTER.test(text) ? { skipped: 'lfs-pointer' } : { text }
}

/** Control characters but for those that old texts have: tab, line ends, form feed, backspace, ESC and the end of file of DOS. */
function hasControls(bytes: Uint8Array): boolean {
  return bytes.subarray(0, BINARY_WINDOW).some((byte) => byte < 0x20 && (byte < 0x08 || (byte > 0x0d && byte !== 0x1b && byte !== 0x1a)))
}
