/** One request for vectors. */
export interface EmbeddingsRequest {
  readonly url: URL
  /** Left out for servers that ask for none: no `Authorization` header is sent then. */
  readonly apiKey?: string | undefined
  readonly body: EmbeddingsBody
  readonly fetch: typeof globalThis.fetch
  /** What `fetch` takes as `dispatcher`: a proxy. */
  readonly dispatcher?: object | undefined
  /** Ends the request, also in the middle of its answer. */
  readonly signal: AbortSignal
}

interface EmbeddingsBody {
  readonly model: string
  readonly input: readonly string[]
  /** Some servers would ignore a request for base64. */
  readonly encoding_format: 'float'
  readonly dimensions?: number
}

const USER_AGENT = 'qdrant-loader (+https://github.com/qdrant-loader/qdrant-loader-ts)'

/** A status that is not one of success, and what the server said with it. */
export class RefusedRequest extends Error {
  readonly status: number
  readonly headers: Headers
  /** As in `insufficient_quota`. */
  readonly code: string | undefined

  constructor(response: Response, said: { readonly message: string; readonly code?: string | undefined }) {
    super(said.message === '' ? String(response.status) : `${response.status} ${said.message}`)
    this.name = 'RefusedRequest'
    this.status = response.status
    this.headers = response.headers
    this.code = said.code
  }
}

/** Where a server takes inputs: `/embeddings` below its base URL. */
export function embeddingsUrl(baseUrl: string): URL {
  const url = new URL(baseUrl)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/embeddings`
  return url
}

/**
 * Sends one request and gives what the server answered, unchecked: parsed where it says that it is JSON.
 *
 * @throws RefusedRequest for any other status than one of success
 * @throws SyntaxError for an answer that says it is JSON and is not
 * @throws whatever `fetch` throws
 */
export async function requestEmbeddings({ url, apiKey, body, fetch, dispatcher, signal }: EmbeddingsRequest): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify(body),
    signal,
    ...(dispatcher !== undefined && ({ dispatcher } as object)),
  })
  const text = await response.text()
  if (!response.ok) throw new RefusedRequest(response, refusalIn(text))
  const type = response.headers.get('content-type') ?? ''
  return text !== '' && /^[^;]*[/+]json\b/i.test(type) ? JSON.parse(text) : text
}

/** `{ "error": { "message", "code" } }` is usual, and `{ "error": "…" }`. Other servers say something else, or nothing. */
function refusalIn(text: string): { readonly message: string; readonly code?: string | undefined } {
  const error = fieldOf(parsed(text), 'error')
  const code = fieldOf(error, 'code')
  const message = [fieldOf(error, 'message'), error].find((said) => typeof said === 'string' && said !== '')
  return { message: typeof message === 'string' ? message : text.trim(), code: typeof code === 'string' ? code : undefined }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
