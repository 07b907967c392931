import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { JsonAnswer, JsonApi, JsonCallOptions, JsonQuery } from '@qdrant-loader/http'
import { explain } from './jira-errors.ts'

/** The JSON API of one Jira, which speaks of errors in the connector's words. */
export class JiraApi {
  readonly #api: JsonApi
  readonly #baseUrl: string

  constructor(api: JsonApi, baseUrl: string) {
    this.#api = api
    this.#baseUrl = baseUrl
  }

  /** See {@link JsonApi.clock}. */
  get clock(): number | undefined {
    return this.#api.clock
  }

  async get(path: string, query: JsonQuery | undefined, options: JsonCallOptions): Promise<JsonAnswer> {
    return await this.#explained(this.#api.get(path, query, options), options.signal)
  }

  /** Every POST that the connector sends is a question, and may be repeated. */
  async post(path: string, body: unknown, options: JsonCallOptions): Promise<JsonAnswer> {
    return await this.#explained(this.#api.post(path, body, undefined, { ...options, repeatable: true }), options.signal)
  }

  async #explained(pending: Promise<JsonAnswer>, signal: AbortSignal): Promise<JsonAnswer> {
    try {
      return await pending
    } catch (error) {
      signal.throwIfAborted()
      throw isLoaderError(error) ? explain(error, this.#baseUrl) : error
    }
  }
}
