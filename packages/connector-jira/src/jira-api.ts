import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { JsonAnswer, JsonApi, JsonCallOptions, JsonQuery } from '@qdrant-loader/http'
import { explain } from './jira-errors.ts'

/** The JSON API of one Jira: remembers the server's clock and speaks of errors in the connector's words. */
export class JiraApi {
  readonly #api: JsonApi
  readonly #baseUrl: string
  #clock: number | undefined

  constructor(api: JsonApi, baseUrl: string) {
    this.#api = api
    this.#baseUrl = baseUrl
  }

  /** The `Date` of the last answer, in milliseconds since the epoch. */
  get clock(): number | undefined {
    return this.#clock
  }

  async get(path: string, query: JsonQuery | undefined, options: JsonCallOptions): Promise<JsonAnswer> {
    return await this.#heard(this.#api.get(path, query, options), options.signal)
  }

  /** Every POST that the connector sends is a question, and may be repeated. */
  async post(path: string, body: unknown, options: JsonCallOptions): Promise<JsonAnswer> {
    return await this.#heard(this.#api.post(path, body, undefined, { ...options, repeatable: true }), options.signal)
  }

  async #heard(pending: Promise<JsonAnswer>, signal: AbortSignal): Promise<JsonAnswer> {
    try {
      const answer = await pending
      const date = Date.parse(answer.headers.get('date') ?? '')
      if (!Number.isNaN(date)) this.#clock = date
      return answer
    } catch (error) {
      signal.throwIfAborted()
      throw isLoaderError(error) ? explain(error, this.#baseUrl) : error
    }
  }
}
