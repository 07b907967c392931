/** Something that goes wrong with one request. */
export type Fault =
  | {
      /** Answers with this status, without doing anything. */
      readonly kind: 'status'
      readonly status: number
      readonly text?: string
      /** Value of `Retry-After`: seconds or an HTTP date. */
      readonly retryAfter?: string
    }
  | {
      /** Waits before the answer; `Infinity` never answers. The request is carried out at once. */
      readonly kind: 'delay'
      readonly ms: number
    }
  | {
      /** Closes the connection without an answer, before or after the request is carried out. */
      readonly kind: 'drop'
      readonly when: 'before' | 'after'
    }
  | {
      /** Carries the request out and sends half of the answer's JSON. */
      readonly kind: 'truncate'
    }
  | {
      /** Answers 200 with this update status. `later`: the request is carried out before the next one. */
      readonly kind: 'update-status'
      readonly status: 'wait_timeout' | 'acknowledged'
      readonly applied: 'now' | 'later' | 'never'
    }
  | {
      /** Answers 200 with a body that goes on for this many bytes, of spaces; `gzip`: they are compressed to a thousandth. */
      readonly kind: 'flood'
      readonly bytes: number
      readonly coding?: 'gzip'
      /** The length is announced. Default: it is not. */
      readonly announced?: boolean
    }
  | {
      /** Carries the request out, and says in the answer that the next page begins here. */
      readonly kind: 'next-offset'
      readonly offset: string
    }
  | {
      /** An answer of something that is not Qdrant. */
      readonly kind: 'answer'
      readonly status: number
      readonly body: string
      readonly contentType: string
      readonly headers?: Readonly<Record<string, string>>
    }
