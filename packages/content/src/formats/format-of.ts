import { contentTypeOf, languageOf } from './code/languages.ts'
import type { FileFormat, Format } from './format.ts'
import { FORMATS, type FormatName } from './formats.ts'

/** What says nothing of the content: servers give it to whatever they do not know. */
const VAGUE = new Set(['', 'application/octet-stream', 'binary/octet-stream', 'application/force-download', 'text/plain'])

/** Endings that text has without being a format of its own, and what the payload calls it. */
const PLAIN_TYPES: Readonly<Record<string, string>> = { tex: 'text/x-tex' }

const entries: readonly (readonly [string, Format])[] = Object.entries(FORMATS)
const BY_EXTENSION = new Map(entries.flatMap(([name, format]) => format.extensions.map((extension) => [extension, name] as const)))
const BY_MEDIA_TYPE = new Map(entries.flatMap(([name, format]) => format.mediaTypes.map((type) => [type, name] as const)))

/**
 * The format of a file by its media type, or by its name where the media type says nothing; plain text otherwise.
 *
 * @param name file name or path with `/`
 * @param mediaType Content-Type with or without parameters
 */
export function formatOf(name: string | undefined, mediaType?: string): FileFormat {
  const type = (mediaType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const byType = VAGUE.has(type) ? undefined : BY_MEDIA_TYPE.get(type)
  if (byType !== undefined) return fileFormat(byType)
  return byName(name ?? '') ?? { ...fileFormat('text'), ...(type.startsWith('text/') && { contentType: type }) }
}

/**
 * Whether a file that is renamed keeps its text: it is read the same way, and what it includes is found from its folder.
 *
 * @param from path with `/`
 */
export function keepsText(from: string, to: string): boolean {
  const [one, other] = [formatOf(from), formatOf(to)]
  const isSame = one.name === other.name && one.language === other.language && one.contentType === other.contentType
  return isSame && ((FORMATS[one.name as FormatName] as Format).includes !== true || folderOf(from) === folderOf(to))
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

function byName(path: string): FileFormat | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 ? name.slice(dot + 1) : ''
  const format = BY_EXTENSION.get(extension)
  if (format !== undefined) return fileFormat(format)
  const language = languageOf(name, extension)
  // Descriptions of APIs have titles.
  if (language !== undefined) return { ...fileFormat('code'), contentType: contentTypeOf(language), language, titled: language === 'yaml' || language === 'json' }
  const plain = Object.hasOwn(PLAIN_TYPES, extension) ? PLAIN_TYPES[extension] : undefined
  return plain === undefined ? undefined : { ...fileFormat('text'), contentType: plain }
}

function fileFormat(name: string): FileFormat {
  const { mediaTypes, titled } = FORMATS[name as FormatName] as Format
  return { name, contentType: mediaTypes[0], titled }
}
