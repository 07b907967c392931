import type { SkipReason } from '@qdrant-loader/connector-sdk'
import { analyse } from 'chardet'

import { decodeStrictly, type DecodedFile } from './decode-strictly.ts'

/** More says no more about the language, which is what tells encodings of one byte apart. */
const SAMPLE = 64 * 1024
/** Out of 100. From here on the detector knows. */
const SURE = 40
/** From here on it is believed where its second guess is half as likely. */
const LIKELY = 20
/** Control characters of ISO 8859 (C1), which text does not have: bytes of another encoding. */
// eslint-disable-next-line no-control-regex
const C1 = /[\u0080-\u009f]/
/** In western text, letters beyond ASCII stand alone, or two beside each other. */
const WESTERN_RUN = 2

/**
 * Text in an encoding from before Unicode. The detector goes by how often letters follow each other, so short texts
 * leave it unsure: then single letters between ASCII are western text (windows-1252, as browsers read it), and anything
 * else is `undecodable` rather than wrong.
 */
export function decodeLegacy(bytes: Uint8Array): DecodedFile | { readonly skipped: SkipReason } {
  const western = isWestern(bytes)
  const guesses = analyse(Buffer.from(bytes.subarray(0, SAMPLE)))
  for (const [at, { name, confidence }] of guesses.entries()) {
    const stands = confidence >= SURE || (at === 0 && !western && confidence >= LIKELY && confidence >= 2 * (guesses[1]?.confidence ?? 0))
    // Of the encodings of one byte, the western one is nearly always meant where the text looks western.
    if (!stands || name === 'ASCII' || (western && name.startsWith('ISO-8859'))) continue
    const encoding = name.startsWith('ISO-8859-1') && name.length === 10 ? 'windows-1252' : name.toLowerCase()
    const text = decodeStrictly(bytes, encoding)
    if (text !== undefined && !C1.test(text)) return { text, legacyEncoding: encoding }
  }
  const text = western ? decodeStrictly(bytes, 'windows-1252') : undefined
  return text === undefined || C1.test(text) ? { skipped: 'undecodable' } : { text, legacyEncoding: 'windows-1252' }
}

/** The mean length of stretches of bytes beyond ASCII tells western letters from words of another script. */
function isWestern(bytes: Uint8Array): boolean {
  let [high, runs, before] = [0, 0, false]
  const end = Math.min(bytes.length, SAMPLE)
  for (let at = 0; at < end; at++) {
    const now = (bytes[at] as number) >= 0x80
    if (now) high++
    if (now && !before) runs++
    before = now
  }
  return high <= runs * WESTERN_RUN
}
