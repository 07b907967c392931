import type { ConvertedText } from '../format.ts'

/** Plain text is its own text. */
export function convertPlain(text: string): ConvertedText {
  return { text, format: 'text' }
}
