import type { Answer } from './answer.ts'

/** Something that goes wrong with one request. */
export type Fault =
  | {
      /** Answers with this status. */
      readonly kind: 'status'
      readonly status: number
      readonly text?: string
      /** Value of `Retry-After`: seconds or an HTTP date. */
      readonly retryAfter?: string
    }
  | {
      /** Waits before the answer; `Infinity` never answers. */
      readonly kind: 'delay'
      readonly ms: number
    }
  | {
      /** Closes the connection without an answer. */
      readonly kind: 'drop'
    }
  | {
      /** Sends half of the answer's JSON. */
      readonly kind: 'truncate'
    }
  | {
      /** A search: half of the rows, no further page, and a warning. Other requests are answered as always. */
      readonly kind: 'warning'
    }
  | {
      /** A bulk fetch: every second issue only as an entry of `issueErrors`. Other requests are answered as always. */
      readonly kind: 'issue-errors'
    }
  | ({
      /** An answer of something else, such as a login page. */
      readonly kind: 'answer'
    } & Answer)
