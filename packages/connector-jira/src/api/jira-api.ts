import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { printableText } from '@qdrant-loader/http'
import type { JsonAnswer, JsonApi, JsonCallOptions, JsonQuery } from '@qdrant-loader/http'
import type { Deployment } from '../config.ts'
import { explain } from '../errors.ts'

/** What a {@link JiraApi} needs. */
export interface JiraApiDeps {
  readonly api: JsonApi
  readonly baseUrl: string
  readonly deployment: Deployment
  /** See `ConnectorContext.redact`. */
  readonly redact: (text: string) => string
}

/** The JSON API of one Jira, which speaks of errors in the connector's words. */
export class JiraApi {
  readonly #deps: JiraApiDeps
  readonly #api: JsonApi

  constructor(deps: JiraApiDeps) {
    this.#deps = deps
    this.#api = deps.api
  }

  /** What the server wrote, fit for a message: secrets are taken out before it is cut. */
  said(text: string): string {
    return printableText(this.#deps.redact(text))
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
      throw isLoaderError(error) ? explain(error, this.#deps.baseUrl, this.#deps.deployment) : error
    }
  }
}
