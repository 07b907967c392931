export { convertContent } from './convert-content.ts'
export type { Converted, ConvertedText, ConvertOptions, FileFormat, RawContent } from './format.ts'
export { formatOf, sameFormat } from './format-of.ts'
export { formatVersions } from './formats.ts'
