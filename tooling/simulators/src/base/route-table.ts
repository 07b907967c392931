import type { z } from 'zod'
import { Violation } from './answer.ts'

/** A route by its method and its path, with names in braces: `/spaces/{id}/pages`. */
export interface RoutePath {
  readonly method: string
  readonly path: string
}

/** A route and what its path says for the names in braces. */
export interface FoundRoute<Route> {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** The routes of a server, looked up in their order. */
export class RouteTable<Route extends RoutePath> {
  readonly #routes: readonly { readonly route: Route; readonly pattern: RegExp }[]

  /** `segments`: what a name in braces stands for, as an expression. Default: anything without a slash. */
  constructor(routes: readonly Route[], segments: Readonly<Record<string, string>> = {}) {
    this.#routes = routes.map((route) => {
      const pattern = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>${segments[name] ?? '[^/]+'})`)
      return { route, pattern: new RegExp(`^${pattern}$`) }
    })
  }

  find(method: string, path: string): FoundRoute<Route> | undefined {
    for (const { route, pattern } of this.#routes) {
      const groups = route.method === method ? pattern.exec(path) : null
      if (groups !== null) return { route, params: Object.fromEntries(Object.entries(groups.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])) }
    }
    return undefined
  }
}

/** Reads what came with a request by the schema of its route. @throws Violation */
export function checked<Schema extends z.ZodType>(schema: Schema, given: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new Violation(`${what}: ${parsed.error.message}`)
}

/** The JSON of a body; undefined when it is empty, `NaN` when it is no JSON. */
export function parsedJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(body.toString())
  } catch {
    return Number.NaN
  }
}
