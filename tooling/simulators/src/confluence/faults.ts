/** Something that goes wrong with one request. */
export type ConfluenceFault =
  | {
      /** Answers with this status. */
      readonly kind: 'status'
      readonly status: number
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
      /** Sends the first half of the answer's JSON as if it were all of it. */
      readonly kind: 'truncate'
    }
  | {
      /** A page to log in with, as single sign-on in front of the server sends it: HTML with status 200. */
      readonly kind: 'login-page'
    }
  | {
      /** Cloud: Atlassian's gateway refuses a token that lacks the scope of this route, with 401. */
      readonly kind: 'missing-scope'
    }
  | {
      /** A listing by cursor without results, whose next link leads on to what is left. Nothing to listings by position. */
      readonly kind: 'empty-page'
    }
  | {
      /** Any answer. */
      readonly kind: 'answer'
      readonly status: number
      readonly body: string
      readonly contentType: string
    }
