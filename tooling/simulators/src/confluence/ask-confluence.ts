import { basicAuth } from '../base/answer.ts'
import type { ConfluenceSimulator } from './confluence-simulator.ts'

/** An answer as tests look at it. */
export interface Asked {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** A listing as tests look at it. */
export interface Listing {
  readonly results: readonly {
    readonly id: string
    readonly title: string
    readonly status?: string
    readonly version?: { readonly number: number }
    readonly parentId?: string | null
  }[]
  readonly limit?: number
  readonly size?: number
  readonly _links: { readonly next?: string; readonly base?: string }
}

/** Sends a request with the right credentials, or those given. `path` is behind the origin or, without `/wiki`, behind the context path. */
export async function askConfluence(server: Pick<ConfluenceSimulator, 'url' | 'email' | 'token'>, path: string, authorization = basicAuth(server.email, server.token)): Promise<Asked> {
  const base = path.startsWith('/wiki') ? new URL(server.url).origin : server.url
  const response = await fetch(`${base}${path}`, { headers: { authorization } })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** One page of a listing; throws on any other status than 200. */
export async function listConfluence(server: ConfluenceSimulator, path: string): Promise<Listing> {
  const { status, text } = await askConfluence(server, path)
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
  return JSON.parse(text) as Listing
}

/** A whole listing, and how many rows each of its pages had. */
export async function walkConfluence(server: ConfluenceSimulator, path: string): Promise<{ readonly ids: string[]; readonly titles: string[]; readonly pages: number[] }> {
  const [rows, pages]: [Listing['results'][number][], number[]] = [[], []]
  for (let next: string | undefined = path; next !== undefined; ) {
    const { results, _links }: Listing = await listConfluence(server, next)
    rows.push(...results)
    pages.push(results.length)
    next = _links.next
  }
  return { ids: rows.map(({ id }) => id), titles: rows.map(({ title }) => title), pages }
}
