import type { PointPayload } from './vector-store.ts'

// JSON.stringify writes a lone surrogate, and nothing else that is common, as \ud800 to \udfff.
const MAY_HOLD_LONE_SURROGATE = /\\ud[89a-f]/

/** False when what this JSON was made of may hold lone surrogates. */
export function isWellFormedJson(json: string): boolean {
  return !MAY_HOLD_LONE_SURROGATE.test(json)
}

/**
 * The payload with every lone surrogate replaced by U+FFFD, and its JSON. Qdrant refuses JSON with lone surrogates,
 * and both stores must hold the same; such text comes from cutting a string between the halves of a pair.
 */
export function wellFormedPayload(payload: PointPayload): { readonly payload: PointPayload; readonly json: string } {
  const json = JSON.stringify(payload)
  if (isWellFormedJson(json)) return { payload, json }
  const repaired = repair(payload) as PointPayload
  return { payload: repaired, json: JSON.stringify(repaired) }
}

function repair(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(repair)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toWellFormed(), repair(item)]))
}
