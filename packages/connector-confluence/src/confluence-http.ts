import { isHttpStatusError } from '@qdrant-loader/http'
import type { JsonAnswer, JsonApi, JsonCallOptions, JsonQuery } from '@qdrant-loader/http'
import type { Site } from './base-url.ts'
import { explained } from './confluence-errors.ts'

/** What {@link ConfluenceHttp} needs. */
export interface ConfluenceHttpDeps {
  readonly json: JsonApi
  readonly site: Site
  /** Whether credentials are configured. */
  readonly signedIn: boolean
}

/** The JSON API of one Confluence: remembers the server's clock, and says what its refusals mean. */
export class ConfluenceHttp {
  readonly #deps: ConfluenceHttpDeps
  #clock: number | undefined

  constructor(deps: ConfluenceHttpDeps) {
    this.#deps = deps
  }

  /** The `Date` of the last answer, in milliseconds since the epoch; undefined before the first that had one. */
  get clock(): number | undefined {
    return this.#clock
  }

  get(path: string, query: JsonQuery | undefined, options: JsonCallOptions): Promise<JsonAnswer> {
    return this.#heard(this.#deps.json.get(path, query, options))
  }

  post(path: string, body: unknown, query: JsonQuery | undefined, options: JsonCallOptions): Promise<JsonAnswer> {
    return this.#heard(this.#deps.json.post(path, body, query, options))
  }

  async #heard(pending: Promise<JsonAnswer>): Promise<JsonAnswer> {
    try {
      const answer = await pending
      const date = Date.parse(answer.headers.get('date') ?? '')
      if (!Number.isNaN(date)) this.#clock = date
      return answer
    } catch (error) {
      throw isHttpStatusError(error) ? explained(error, this.#deps.site, this.#deps.signedIn) : error
    }
  }
}
