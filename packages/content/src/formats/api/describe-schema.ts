import { type ApiDocument, type Fields, isFields, lineOf, listOf, nameOfReference, type Value } from './api-document.ts'

/** Fields nested deeper are named by their types alone. */
const DEEPEST = 4
/** Lines of one schema. What is longer is described where it has a name of its own. */
const MOST_LINES = 200

/** The fields of a schema as a list, with types and descriptions. Named schemas are named, not repeated. */
export function schemaLines(value: Value, document: ApiDocument): string[] {
  const lines: string[] = []
  addFields(document.fields(value), document, 0, lines)
  return lines
}

/** The type of a schema in a few words: `string (date-time)`, `array of Pet`, `one of A, B`. */
export function typeOf(value: Value, document: ApiDocument, depth = 0): string {
  const name = nameOfReference(value)
  if (name !== undefined) return name
  if (!isFields(value) || depth > DEEPEST) return ''
  for (const [key, words] of [['oneOf', 'one of'], ['anyOf', 'any of'], ['allOf', 'all of']] as const) {
    const parts = listOf(value[key]).map((part) => typeOf(part, document, depth + 1)).filter((part) => part !== '')
    if (parts.length > 0) return `${words} ${[...new Set(parts)].join(', ')}`
  }
  const type = Array.isArray(value['type']) ? value['type'].map(lineOf).join(' or ') : lineOf(value['type'])
  if (type === 'array' || value['items'] !== undefined) return `array of ${typeOf(value['items'], document, depth + 1) || 'anything'}`
  const format = lineOf(value['format'])
  return format === '' ? type : `${type === '' ? 'string' : type} (${format})`
}

function addFields(schema: Fields, document: ApiDocument, depth: number, lines: string[]): void {
  for (const part of [...listOf(schema['allOf']), ...listOf(schema['oneOf']), ...listOf(schema['anyOf'])]) {
    // What has a name is described under it.
    if (nameOfReference(part) === undefined && isFields(part) && depth <= DEEPEST) addFields(part, document, depth + 1, lines)
  }
  const items = schema['items']
  if (nameOfReference(items) === undefined && isFields(items) && depth <= DEEPEST) addFields(items, document, depth + 1, lines)
  const properties = schema['properties']
  if (!isFields(properties)) return
  const required = new Set(listOf(schema['required']).map(lineOf))
  for (const [name, property] of Object.entries(properties)) {
    if (lines.length >= MOST_LINES) return
    lines.push(`${'  '.repeat(Math.min(depth, DEEPEST))}- ${fieldLine(name, property, required.has(name), document)}`)
    if (nameOfReference(property) === undefined && isFields(property) && depth < DEEPEST) addFields(property, document, depth + 1, lines)
  }
}

/** ``- `name` (type, required): description``. */
export function fieldLine(name: string, property: Value, required: boolean, document: ApiDocument, place = ''): string {
  const fields = isFields(property) ? property : {}
  const facts = [place, typeOf(property, document), required ? 'required' : '', fields['deprecated'] === true ? 'deprecated' : ''].filter((fact) => fact !== '')
  const description = lineOf(fields['description']) || lineOf(fields['title'])
  const values = listOf(fields['enum']).map(lineOf).filter((item) => item !== '')
  const says = [description, values.length === 0 ? '' : `One of ${values.slice(0, 50).map((item) => `\`${item}\``).join(', ')}.`].filter((part) => part !== '').join(' ')
  return `\`${name}\`${facts.length === 0 ? '' : ` (${facts.join(', ')})`}${says === '' ? '' : `: ${says}`}`
}
