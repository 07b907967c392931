import type { JsonCallOptions, JsonQuery } from '@qdrant-loader/http'
import type { Client } from 'confluence.js/core'
import type { ConfluenceHttp } from './confluence-http.ts'

/** How a call through {@link transportOf} is made. */
export type TransportOptions = Pick<JsonCallOptions, 'signal' | 'counts' | 'accept' | 'maxBytes' | 'retries'>

/**
 * The resilient HTTP client in the shape that confluence.js calls. It takes the routes and parameters from there, and
 * nothing else: confluence.js has no time-out, no abort and no retry, and its schemas refuse an answer for a field that
 * nobody asked about, so answers are read by our own.
 */
export function transportOf(http: ConfluenceHttp, options: TransportOptions): Client {
  return {
    async sendRequest<T>({ url, method = 'GET', body, searchParams }: Parameters<Client['sendRequest']>[0]): Promise<T> {
      const query = queryOf(searchParams)
      const call = { ...options, repeatable: true }
      const answer = method === 'POST' ? await http.post(url, body, query, call) : await http.get(url, query, call)
      // An accepted status that is none of success has nothing to say.
      return (answer.status < 300 ? answer.body : undefined) as T
    },
  }
}

/** Lists become repeated parameters, as confluence.js itself writes them. */
function queryOf(parameters: Readonly<Record<string, unknown>> | undefined): JsonQuery {
  const query: Record<string, string | readonly string[]> = {}
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (Array.isArray(value)) query[name] = value.map(String)
    else if (value !== undefined && value !== null) query[name] = String(value as string | number | boolean)
  }
  return query
}
