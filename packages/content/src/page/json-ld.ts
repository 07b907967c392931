/** What is used of a page's JSON-LD. */
export interface JsonLdFacts {
  readonly breadcrumbs: readonly string[]
  readonly published?: string | undefined
  readonly modified?: string | undefined
}

type Json = Record<string, unknown>

const MAX_SCRIPT = 500_000
const MAX_NODES = 2_000

/** Reads the JSON-LD scripts of a page (https://schema.org). A script that is no JSON says nothing. */
export function jsonLdFacts(scripts: readonly string[]): JsonLdFacts {
  let breadcrumbs: readonly string[] = []
  let published: string | undefined
  let modified: string | undefined
  for (const node of scripts.flatMap(nodesOf)) {
    if (isType(node, 'BreadcrumbList') && breadcrumbs.length === 0) breadcrumbs = crumbsOf(node)
    published ??= text(node['datePublished'])
    modified ??= text(node['dateModified'])
  }
  return { breadcrumbs, published, modified }
}

function nodesOf(script: string): Json[] {
  if (script.length > MAX_SCRIPT) return []
  let root: unknown
  try {
    root = JSON.parse(script)
  } catch {
    return []
  }
  const queue: unknown[] = [root]
  const nodes: Json[] = []
  for (let at = 0; at < queue.length && nodes.length < MAX_NODES; at++) {
    const value = queue[at]
    if (Array.isArray(value)) for (const inner of value.slice(0, MAX_NODES)) queue.push(inner)
    else if (isObject(value)) {
      nodes.push(value)
      for (const key of ['@graph', 'mainEntity', 'mainEntityOfPage', 'breadcrumb']) {
        if (typeof value[key] === 'object') queue.push(value[key])
      }
    }
  }
  return nodes
}

function crumbsOf(list: Json): string[] {
  const items = Array.isArray(list['itemListElement']) ? list['itemListElement'].filter((item) => isObject(item)) : []
  return items
    .map((item, at) => ({ position: Number(item['position'] ?? at + 1), name: text(item['name']) ?? nameOf(item['item']) }))
    .sort((left, right) => left.position - right.position)
    .flatMap(({ name }) => (name === undefined ? [] : [name]))
}

function nameOf(item: unknown): string | undefined {
  return isObject(item) ? text(item['name']) : undefined
}

function isType(node: Json, type: string): boolean {
  const types = node['@type']
  return types === type || (Array.isArray(types) && types.includes(type))
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
