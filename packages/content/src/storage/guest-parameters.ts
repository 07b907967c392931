import { isRecord } from '../adf/adf-node.ts'
import { asTyped } from './percent-decoded.ts'

/** The settings of an app of Forge that are written as JSON, `{ "guestParams": { … } }` or what is in it; none for other text. */
export function guestParameters(json: string): [string, string][] {
  if (!json.trimStart().startsWith('{')) return []
  try {
    const parsed: unknown = JSON.parse(json)
    const inner = isRecord(parsed) && isRecord(parsed['guestParams']) ? parsed['guestParams'] : parsed
    if (!isRecord(inner)) return []
    return Object.entries(inner).flatMap(([name, value]): [string, string][] => {
      const text = isRecord(value) ? value['value'] : value
      return typeof text === 'string' ? [[name, asTyped(text)]] : []
    })
  }
  catch {
    return []
  }
}
