import iconv from 'iconv-lite'

import { declaredCharset } from './declared-charset.ts'

/** What {@link decodeText} has to know of the bytes. */
export interface DecodeTextOptions {
  /** Whether the bytes are HTML or XML, whose own declaration of a charset counts. */
  readonly html: boolean
}

/** Bytes as text. */
export interface DecodedText {
  readonly text: string
  /** Lower-case name of the charset that the bytes were read with. */
  readonly charset: string
}

/** What browsers read under another name than the label says. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  'utf8': 'utf-8',
  'unicode-1-1-utf-8': 'utf-8',
  'us-ascii': 'windows-1252',
  'ascii': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  'iso_8859-1': 'windows-1252',
  'latin1': 'windows-1252',
  'l1': 'windows-1252',
  'cp1252': 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'latin5': 'windows-1254',
  'iso-8859-11': 'windows-874',
  'tis-620': 'windows-874',
  'ks_c_5601-1987': 'euc-kr',
  'gb2312': 'gbk',
  'x-sjis': 'shift_jis',
  'x-gbk': 'gbk',
  'utf-16': 'utf-16le',
}

/**
 * The text of `bytes`. What counts, in this order: a byte order mark, the charset of the Content-Type header, the
 * document's own declaration (`html` only), UTF-8 if the bytes are valid UTF-8, else windows-1252. Labels mean what they
 * mean to a browser (`latin1` is windows-1252, https://encoding.spec.whatwg.org/#names-and-labels); an unknown label
 * counts as none. A declared UTF-8 that is not valid is read as UTF-8 with replacement characters. Never throws.
 *
 * @param contentType value of the Content-Type header, if there was one
 */
export function decodeText(
  bytes: Uint8Array,
  contentType: string | undefined,
  options: DecodeTextOptions,
): DecodedText {
  const marked = byteOrderMark(bytes)
  if (marked !== undefined) return decode(bytes, marked)
  const fromHeader = known(/;\s*charset\s*=\s*["']?([^"';,\s]+)/i.exec(contentType ?? '')?.[1])
  if (fromHeader !== undefined) return decode(bytes, fromHeader)
  const declared = options.html ? known(declaredCharset(bytes)) : undefined
  // A declaration that could be read as ASCII shows that the bytes are no UTF-16.
  if (declared !== undefined) return decode(bytes, declared.startsWith('utf-16') ? 'utf-8' : declared)
  return validUtf8(bytes) ?? decode(bytes, 'windows-1252')
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

/** Codecs of the library that are no charsets of documents. */
const NO_CHARSET = new Set(['base64', 'hex', 'binary', 'utf-7', 'utf7', 'utf-7-imap', 'utf7imap', 'cesu8', 'cesu-8'])

function known(label: string | undefined): string | undefined {
  if (label === undefined) return undefined
  const name = label.trim().toLowerCase()
  const charset = Object.hasOwn(STANDS_FOR, name) ? (STANDS_FOR[name] ?? name) : name
  if (NO_CHARSET.has(charset)) return undefined
  return charset === 'utf-8' || iconv.encodingExists(charset) ? charset : undefined
}

function decode(bytes: Uint8Array, charset: string): DecodedText {
  if (charset === 'utf-8') return { text: new TextDecoder('utf-8').decode(bytes), charset }
  return { text: iconv.decode(bytes, charset), charset }
}

function validUtf8(bytes: Uint8Array): DecodedText | undefined {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), charset: 'utf-8' }
  } catch {
    return undefined
  }
}
