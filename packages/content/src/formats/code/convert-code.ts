import type { Conversion, ConvertedText } from '../format.ts'

/** Code is its own text. */
export function convertCode(text: string, { file: { language } }: Conversion): ConvertedText {
  return { text, format: 'code', language }
}
