/** The sort of description. */
export type ApiKind = 'openapi' | 'asyncapi' | 'json-schema'

const MARKS: readonly (readonly [ApiKind, RegExp])[] = [
  ['openapi', /^\s{0,8}["']?(?:openapi|swagger)["']?\s{0,8}:\s{0,8}["']?[1-9]\.\d/m],
  ['asyncapi', /^\s{0,8}["']?asyncapi["']?\s{0,8}:\s{0,8}["']?[1-9]\.\d/m],
  ['json-schema', /^\s{0,8}["']?\$schema["']?\s{0,8}:\s{0,8}["']?https?:\/\/json-schema\.org\//m],
]
/** The mark is one of the first keys, but JSON on one line has it anywhere. */
const INLINE = /^\s*\{\s*"(openapi|swagger|asyncapi)"\s*:\s*"[1-9]\.\d/

/** What a YAML or JSON text describes; undefined for any other text. Nothing is parsed for that. */
export function apiKindOf(text: string): ApiKind | undefined {
  const inline = INLINE.exec(text.slice(0, 200))?.[1]
  if (inline !== undefined) return inline === 'asyncapi' ? 'asyncapi' : 'openapi'
  return MARKS.find(([, mark]) => mark.test(text))?.[0]
}
