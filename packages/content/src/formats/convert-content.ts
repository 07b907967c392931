import type { SkipReason } from '@qdrant-loader/connector-sdk'

import { decodeFile } from '../text/decode-file.ts'
import { withoutData } from '../text/without-data.ts'
import type { Conversion, Converted, ConvertedText, ConvertOptions, FileFormat, Format, RawContent, TextConverter } from './format.ts'
import { formatOf } from './format-of.ts'
import { FORMATS, type FormatName } from './formats.ts'

const loaded = new Map<string, Promise<TextConverter>>()

/**
 * Text, title and metadata of a file of any source, whatever its format: by media type or name, decoded, with line
 * feeds only and without pictures written as text. A format's converter is loaded with the first file that needs it.
 *
 * @throws LoaderError about this document alone, where its format is one that is converted within bounds of time and
 *   memory; what `options.include` throws; the reason of the signal
 */
export async function convertContent(content: RawContent, options: ConvertOptions = {}): Promise<Converted> {
  const file = formatOf(content.name, content.mediaType)
  const decoded = await textOf(content, file)
  if ('skipped' in decoded) return { ...decoded, contentType: file.contentType }
  const { text: raw, legacyEncoding } = decoded
  const source = withoutData(raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw)
  const converted = await run(source, { ...options, name: content.name, file })
  if ('skipped' in converted) return { ...converted, contentType: file.contentType }
  if (converted.text.trim() === '') return { skipped: 'empty', contentType: file.contentType }
  return { contentType: file.contentType, ...withEncoding(converted, legacyEncoding) }
}

/** A server that names a charset is believed; otherwise the bytes are looked at. */
async function textOf({ bytes, mediaType }: RawContent, { name }: FileFormat): ReturnType<typeof decodeFile> {
  const html = name === 'html'
  if (!html && !/;\s*charset=/i.test(mediaType ?? '')) return decodeFile(bytes)
  const decoded = await decodeFile(bytes)
  if ('skipped' in decoded && decoded.skipped !== 'undecodable') return decoded
  const { decodeText } = await import('../text/decode-text.ts')
  const { text, charset } = decodeText(bytes, mediaType, { html })
  return { text, legacyEncoding: charset.startsWith('utf') ? undefined : charset }
}

/** Runs the converter here, or in a thread where texts can make it slow. */
async function run(source: string, conversion: Conversion): Promise<ConvertedText | { readonly skipped: SkipReason }> {
  const name = conversion.file.name as FormatName
  const { isolated }: Format = FORMATS[name]
  if (isolated === undefined) return (await converterOf(name))(source, conversion)
  return (await import('./convert-in-thread.ts')).convertInThread(source, conversion, isolated)
}

function converterOf(name: FormatName): Promise<TextConverter> {
  let converter = loaded.get(name)
  if (converter === undefined) {
    converter = FORMATS[name].load()
    loaded.set(name, converter)
  }
  return converter
}

/** An old encoding is named in the payload, so that wrong letters can be traced to it. */
function withEncoding(converted: ConvertedText, encoding: string | undefined): ConvertedText {
  return encoding === undefined ? converted : { ...converted, metadata: { ...converted.metadata, encoding } }
}
