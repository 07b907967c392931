import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** No page has so many links that its packed form could grow beyond this; a damaged one does not blow up memory. */
const LARGEST = 20_000_000

/** Lines as one short text that survives JSON; empty for none. */
export function packLines(lines: readonly string[]): string {
  return lines.length === 0 ? '' : deflateRawSync(lines.join('\n')).toString('base64')
}

/** The lines again; undefined when the text is damaged. */
export function unpackLines(packed: string): string[] | undefined {
  if (packed === '') return []
  try {
    return inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: LARGEST }).toString().split('\n')
  } catch {
    return undefined
  }
}
