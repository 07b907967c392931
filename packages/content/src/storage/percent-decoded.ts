const ESCAPES = /(?:%[\dA-Fa-f]{2})+/g
// All that an encoder leaves: such a value was encoded as a whole, and a plus in it is a space.
const ENCODED = /^[\w.!~*'()%+/-]*$/

/** Written before the value by software that hands it on through an address. */
const MARKER = '--uriencoded--'

/** The value of a parameter as it was typed: some are percent-encoded as a whole, and say so. Never throws. */
export function asTyped(value: string): string {
  return value.startsWith(MARKER) ? percentDecoded(value.slice(MARKER.length)) : value
}

/** A percent-encoded text as it was before. What is no escape stays as it is written; never throws. */
export function percentDecoded(value: string): string {
  if (!value.includes('%')) return value
  const spaced = ENCODED.test(value) ? value.replaceAll('+', ' ') : value
  return spaced.replace(ESCAPES, run => {
    const bytes = Uint8Array.from(run.slice(1).split('%'), byte => Number.parseInt(byte, 16))
    return new TextDecoder().decode(bytes)
  })
}
