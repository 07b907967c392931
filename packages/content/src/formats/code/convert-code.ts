import { apiKindOf } from '../api/api-kind.ts'
import type { Conversion, ConvertedText } from '../format.ts'

/** Code is its own text. Descriptions of APIs in YAML and JSON are told by what they say, and read as what they describe. */
export async function convertCode(text: string, { file: { language } }: Conversion): Promise<ConvertedText> {
  const kind = language === 'yaml' || language === 'json' ? apiKindOf(text) : undefined
  const described = kind === undefined ? undefined : (await import('../api/convert-api.ts')).convertApi(text, kind)
  return described ?? { text, format: 'code', language }
}
