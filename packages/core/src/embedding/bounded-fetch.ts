import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { embeddingError } from './codes.ts'

/** How one request is sent. */
export interface BoundedFetchOptions {
  readonly fetch: typeof globalThis.fetch
  /** As in "embedding model m at https://…". */
  readonly name: string
  /** Longest answer, unpacked, in bytes. */
  readonly maxBytes: number
  /** Where the server's own redirects end; more are a circle. Default 3. */
  readonly maxRedirects?: number
}

/** Keep method and body. Others would turn a POST into a GET. */
const REPEATED = new Set([307, 308])

/**
 * A `fetch` whose answers end at `maxBytes`, counted as they are unpacked, and that follows redirects within the
 * server's origin only: texts and key belong to nobody else, whatever the server says.
 *
 * @throws LoaderError `embedder_redirected`, and in the middle of a body `embedder_answer_too_large`
 */
export function boundedFetch({ fetch, name, maxBytes, maxRedirects = 3 }: BoundedFetchOptions): typeof globalThis.fetch {
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : input)
    for (let hop = 0; ; hop += 1) {
      const response = await fetch(hop === 0 ? input : url, { ...init, redirect: 'manual' })
      const location = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || location === null) return limited(response, name, maxBytes)
      await response.body?.cancel()
      const to = URL.canParse(location, url.href) ? new URL(location, url) : undefined
      if (to === undefined || to.origin !== url.origin || !REPEATED.has(response.status) || hop >= maxRedirects) throw redirected(name, to)
      url = to
    }
  }
}

function limited(response: Response, name: string, maxBytes: number): Response {
  if (response.body === null) return response
  let bytes = 0
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength
        if (bytes > maxBytes) controller.error(tooLarge(name, maxBytes))
        else controller.enqueue(chunk)
      },
    }),
  )
  const { status, statusText, headers } = response
  return new Response(counted, { status, statusText, headers })
}

function tooLarge(name: string, maxBytes: number): LoaderError {
  return embeddingError('embedder_answer_too_large', { server: name, bytes: maxBytes })
}

function redirected(name: string, to: URL | undefined): LoaderError {
  const target = to === undefined ? 'an address that is not a URL' : `${to.origin}, or in a way that loses the texts`
  return embeddingError('embedder_redirected', { server: name, target })
}
