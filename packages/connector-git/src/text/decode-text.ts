import { isUtf8 } from 'node:buffer'
import type { SkipReason } from '@qdrant-loader/connector-sdk'

/** Git itself looks this far for a NUL to tell binary files from text (`buffer_is_binary`). */
const BINARY_WINDOW = 8_000
/** A Git LFS pointer is shorter than this (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const POINTER_LIMIT = 1_024
const POINTER =
  /^version https:\/\/(?:git-lfs\.github\.com\/spec\/v1|hawser\.github\.com\/spec\/v1)\n(?:[a-z0-9.-]+ [^\n]*\n)*?oid sha256:[0-9a-f]{64}\n(?:[a-z0-9.-]+ [^\n]*\n)*?size \d+\n(?:[a-z0-9.-]+ [^\n]*\n)*$/

/**
 * The text of a file, or why it has none. UTF-8 with or without a byte order mark, UTF-16 with one, and Latin-1
 * (read as windows-1252, as browsers do) for whatever is not valid UTF-8. UTF-16 without a mark counts as binary.
 */
export function decodeText(bytes: Buffer): { readonly text: string } | { readonly skipped: SkipReason } {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined
  const text = utf16 === undefined ? decodeBytes(bytes) : decodeUtf16(bytes, utf16)
  if (typeof text !== 'string') return text
  return text.trim() === '' ? { skipped: 'empty' } : { text }
}

function decodeUtf16(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): string | { readonly skipped: SkipReason } {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    // The mark of UTF-32 starts with that of UTF-16, and then every other character is a NUL.
    return text.includes('\0') ? { skipped: 'undecodable' } : text
  } catch {
    return { skipped: 'undecodable' }
  }
}

function decodeBytes(bytes: Buffer): string | { readonly skipped: SkipReason } {
  if (bytes.subarray(0, BINARY_WINDOW).includes(0)) return { skipped: 'binary' }
  if (!isUtf8(bytes)) return new TextDecoder('windows-1252').decode(bytes)
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const text = bytes.toString('utf8', start)
  return bytes.length < POINTER_LIMIT && POINTER.test(text) ? { skipped: 'lfs-pointer' } : text
}
