import type { IncomingMessage } from 'node:http'
import type { ByHand } from './simulated-server.ts'

/**
 * What a cache in front of a server does that does not look at certain parameters, of the query or of a JSON body: each
 * page of a listing is its first one, so that its link to the next one leads back for ever.
 */
export function ignoredPositions(...names: readonly string[]): ByHand {
  return async (request, response, url, body) => {
    const first = new URL(url)
    for (const name of names) first.searchParams.delete(name)
    const sent = body.length === 0 ? undefined : withoutKeys(body.toString(), names)
    if (first.search === url.search && (sent === undefined || sent === body.toString())) return false
    const answer = await fetch(first, { method: request.method ?? 'GET', headers: headersOf(request), body: sent ?? null })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' }).end(await answer.text())
    return true
  }
}

function withoutKeys(text: string, names: readonly string[]): string {
  const value = JSON.parse(text) as Record<string, unknown>
  if (!names.some((name) => name in value)) return text
  return JSON.stringify(Object.fromEntries(Object.entries(value).filter(([key]) => !names.includes(key))))
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const kept = ['authorization', 'content-type', 'accept']
  return Object.fromEntries(kept.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])))
}
