import { retryAfterMs } from '@qdrant-loader/connector-sdk'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { z } from 'zod'

const CHANNEL = 'undici:request:headers'

const messageSchema = z.object({
  request: z.object({ origin: z.union([z.string(), z.instanceof(URL)]) }),
  response: z.object({ statusCode: z.number(), headers: z.array(z.union([z.instanceof(Uint8Array), z.string()])) }),
})

/**
 * Runs `work` and notes the longest wait in milliseconds that the server at `origin` asks for meanwhile.
 *
 * The client parses `Retry-After` wrongly (it keeps the first character, and an HTTP date makes it throw another
 * error) and offers no way to the header, so it is read where the client's transport publishes it
 * (https://undici.nodejs.org/#/docs/api/DiagnosticsChannel). A wait that is meant for a request made at the same time
 * counts too: the limit is the server's.
 */
export async function withRetryAfter<T>(
  origin: string,
  now: () => number,
  work: (asked: () => number | undefined) => Promise<T>,
): Promise<T> {
  let asked: number | undefined
  function note(message: unknown): void {
    const parsed = messageSchema.safeParse(message)
    if (!parsed.success) return
    const { request, response } = parsed.data
    if (response.statusCode < 400 || new URL(request.origin).origin !== new URL(origin).origin) return
    const wait = retryAfterMs((name) => headerOf(response.headers, name), now())
    if (wait !== undefined) asked = Math.max(asked ?? 0, wait)
  }
  subscribe(CHANNEL, note)
  try {
    return await work(() => asked)
  } finally {
    unsubscribe(CHANNEL, note)
  }
}

function headerOf(headers: ReadonlyArray<Uint8Array | string>, name: string): string | undefined {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (textOf(headers[index]).toLowerCase() === name) return textOf(headers[index + 1])
  }
  return undefined
}

function textOf(value: Uint8Array | string | undefined): string {
  return value === undefined || typeof value === 'string' ? (value ?? '') : Buffer.from(value).toString('latin1')
}
