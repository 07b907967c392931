import { hash } from 'node:crypto'
import type { Json } from '@qdrant-loader/connector-sdk'

/** SHA-256 of a text's UTF-8 bytes, in lower-case hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}

/** JSON with the keys of every object in ascending order, so that equal values give equal text. */
export function canonicalJson(value: Json | undefined): string {
  return JSON.stringify(canonical(value))
}

/** The same value with the keys of every object in ascending order. */
export function canonical<Value extends Json | undefined>(value: Value): Value {
  return sortKeys(value) as Value
}

function sortKeys(value: Json | undefined): Json | undefined {
  if (typeof value !== 'object' || value === null) return value
  if (isArray(value)) return value.map((item) => sortKeys(item) as Json)
  const sorted: Record<string, Json> = {}
  for (const key of Object.keys(value).sort()) {
    const field = sortKeys(value[key])
    if (field === undefined) continue
    // This key from a source must become a plain property, too.
    if (key === '__proto__') Object.defineProperty(sorted, key, { value: field, enumerable: true, writable: true, configurable: true })
    else sorted[key] = field
  }
  return sorted
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
