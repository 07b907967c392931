import { parse as parseYaml } from 'yaml'

/** A value of a description of an API, of which nothing is known. */
export type Value = unknown
/** An object of it. */
export type Fields = Readonly<Record<string, Value>>

/** A description of an API, with its references. */
export class ApiDocument {
  readonly root: Fields

  private constructor(root: Fields) {
    this.root = root
  }

  /** Reads YAML or JSON; undefined where it is neither, or no object. */
  static read(text: string): ApiDocument | undefined {
    try {
      const root: unknown = /^\s*\{/.test(text) ? JSON.parse(text) : parseYaml(text, { maxAliasCount: 1_000, uniqueKeys: false })
      return isFields(root) ? new ApiDocument(root) : undefined
    } catch {
      return undefined
    }
  }

  /** The object that a value is, or refers to inside of this document; empty for anything else. */
  fields(value: Value): Fields {
    let current = value
    // References that lead to each other end somewhere.
    for (let hops = 0; hops < 20 && isFields(current) && typeof current['$ref'] === 'string'; hops++) {
      const target = this.#at(current['$ref'])
      if (target === undefined) break
      current = target
    }
    return isFields(current) ? current : {}
  }

  #at(reference: string): Value {
    if (!reference.startsWith('#/')) return undefined
    let current: Value = this.root
    for (const part of reference.slice(2).split('/').slice(0, 50)) {
      const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~')
      if (!isFields(current) || !Object.hasOwn(current, key)) return undefined
      current = current[key]
    }
    return current
  }
}

/** What a reference is called: its last part. */
export function nameOfReference(value: Value): string | undefined {
  const reference = isFields(value) ? value['$ref'] : undefined
  return typeof reference === 'string' ? decoded(reference.slice(reference.lastIndexOf('/') + 1)).replaceAll('~1', '/').replaceAll('~0', '~') : undefined
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function isFields(value: Value): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list, or nothing. */
export function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : []
}

/** Text without white space around it; empty for what is none. */
export function textOf(value: Value): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** Text on one line. */
export function lineOf(value: Value): string {
  return textOf(value).replace(/\s+/g, ' ')
}
