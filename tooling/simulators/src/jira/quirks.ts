/** How a server behaves where servers differ, or where nobody could check. Each has what most do as its default. */
export interface JiraQuirks {
  /** Whether documents of Cloud mention people by their names of today, by those of when the text was written, or by their ids alone. Default `live`. */
  readonly mentions: 'live' | 'as-written' | 'without-text'
  /** Whether HTML of Data Center shows the key of a moved issue as it was written or as it is. Default `as-written`. */
  readonly keysInText: 'as-written' | 'current'
  /** Whether HTML of Data Center has images for `(/)`, `(x)`, `(+)`, `(-)`, `(!)`. Default `images`. */
  readonly emoticons: 'images' | 'text'
  /** Languages of code that Data Center can format; others are complained about in the block. Default: some. */
  readonly languages: ReadonlySet<string>
  /** Where HTML of Data Center has the name of a thumbnail's file: at the image, around it, or in the link alone. Default `link`. */
  readonly thumbnails: 'image' | 'around' | 'link'
  /** What Data Center answers to a query of a project that may be seen and not browsed. Default `refused`. */
  readonly closedProjects: 'refused' | 'empty'
  /**
   * What Data Center says of ids in a query that do not exist. `named`: a strict query is refused, a lax one answered
   * with a warning, and both name them. `silent`: the lax one has no warning. `unnamed`: nothing names them. `strict`:
   * every query is strict.
   */
  readonly missingIds: 'named' | 'silent' | 'unnamed' | 'strict'
  /** Who may not sign in, and why: a CAPTCHA has to be solved in a browser, or the token has scopes and belongs to the gateway. */
  readonly signIn: 'open' | 'captcha' | 'scoped-token'
  /** A limit as Data Center has it. Default: none. */
  readonly bucket: Bucket | undefined
}

/** So many requests in each interval, and 429 for those beyond. */
export interface Bucket {
  readonly requests: number
  readonly seconds: number
  /** What stands in `Retry-After`: the seconds, a zero, or nothing. */
  readonly retryAfter: 'seconds' | 'zero' | 'none'
  /** Whether `X-RateLimit-*` stand beside it. */
  readonly headers: boolean
}

const LANGUAGES = 'actionscript ada applescript bash c c# c++ cpp css erlang go groovy haskell html java javascript js json lua none objc perl php python r ruby scala sh sql swift visualbasic xml yaml'

/** What most servers do. */
export const USUAL: JiraQuirks = {
  mentions: 'live',
  keysInText: 'as-written',
  emoticons: 'images',
  languages: new Set(LANGUAGES.split(' ')),
  thumbnails: 'link',
  closedProjects: 'refused',
  missingIds: 'named',
  signIn: 'open',
  bucket: undefined,
}

/** Counts requests, and says when there were too many. */
export class BucketMeter {
  readonly #bucket: Bucket
  readonly #now: () => number
  #start = Number.NEGATIVE_INFINITY
  #taken = 0

  constructor(bucket: Bucket, now: () => number) {
    this.#bucket = bucket
    this.#now = now
  }

  /** Headers of a refusal; undefined when the request may pass. */
  take(): Readonly<Record<string, string>> | undefined {
    const { requests, seconds, retryAfter, headers } = this.#bucket
    const now = this.#now()
    if (now >= this.#start + seconds * 1_000) {
      this.#start = now
      this.#taken = 0
    }
    this.#taken += 1
    if (this.#taken <= requests) return undefined
    const left = Math.ceil((this.#start + seconds * 1_000 - now) / 1_000)
    return {
      ...(retryAfter === 'none' ? {} : { 'retry-after': retryAfter === 'zero' ? '0' : String(left) }),
      ...(headers && {
        'x-ratelimit-limit': String(requests),
        'x-ratelimit-remaining': '0',
        'x-ratelimit-fillrate': String(requests),
        'x-ratelimit-interval-seconds': String(seconds),
      }),
    }
  }
}
