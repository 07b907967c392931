import { isHttpStatusError } from '@qdrant-loader/http'
import type { JsonAnswer, JsonApi, JsonCallOptions, JsonQuery } from '@qdrant-loader/http'
import { explained } from '../errors.ts'
import type { Site } from '../site/base-url.ts'

/** What {@link ConfluenceHttp} needs. */
export interface ConfluenceHttpDeps {
  readonly json: JsonApi
  readonly site: Site
  /** Whether credentials are configured. */
  readonly signedIn: boolean
}

/** The JSON API of one Confluence, which says what its refusals mean. */
export class ConfluenceHttp {
  readonly #deps: ConfluenceHttpDeps

  constructor(deps: ConfluenceHttpDeps) {
    this.#deps = deps
  }

  /** See {@link JsonApi.clock}. */
  get clock(): number | undefined {
    return this.#deps.json.clock
  }

  get(path: string, query: JsonQuery | undefined, options: JsonCallOptions): Promise<JsonAnswer> {
    return this.#explained(this.#deps.json.get(path, query, options))
  }

  post(path: string, body: unknown, query: JsonQuery | undefined, options: JsonCallOptions): Promise<JsonAnswer> {
    return this.#explained(this.#deps.json.post(path, body, query, options))
  }

  async #explained(pending: Promise<JsonAnswer>): Promise<JsonAnswer> {
    try {
      return await pending
    } catch (error) {
      throw isHttpStatusError(error) ? explained(error, this.#deps.site, this.#deps.signedIn) : error
    }
  }
}
