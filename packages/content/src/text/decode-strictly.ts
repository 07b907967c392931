/** The text of a file. */
export interface DecodedFile {
  readonly text: string
  /** Lower-case name of an encoding from before Unicode, where the bytes are not UTF-8 or UTF-16. */
  readonly legacyEncoding?: string | undefined
}

/** The text, if all bytes are valid in the encoding (a WHATWG label). */
export function decodeStrictly(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
