import type { Answer } from './answer.ts'

/** Something that goes wrong with one request, on any server. */
export type SharedFault =
  | {
      /** Answers with this status, in the server's words, without doing anything. */
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
      /** Sends the headers and the first bytes, and then nothing more. */
      readonly kind: 'stall'
    }
  | {
      /** Closes the connection without an answer, before (the default) or after the request is carried out. */
      readonly kind: 'drop'
      readonly when?: 'before' | 'after'
    }
  | {
      /**
       * Sends half of an answer with status 200. `silent` (the default): as if it were all of it. `length`: the announced
       * length is that of the whole one. `chunked`: the last chunk is missing.
       */
      readonly kind: 'truncate'
      readonly how?: 'silent' | 'length' | 'chunked'
      /** How many bytes are sent; a shorter answer comes whole. Default: half of it. Not for `silent`. */
      readonly after?: number
    }
  | {
      /** A page to log in with, as single sign-on in front of a server sends it: HTML with status 200. */
      readonly kind: 'login-page'
    }
  | ({
      /** An answer of something else. */
      readonly kind: 'answer'
    } & Answer)

const KINDS: ReadonlySet<string> = new Set<SharedFault['kind']>(['status', 'delay', 'stall', 'drop', 'truncate', 'login-page', 'answer'])

/** Whether a fault is one that any server has. */
export function isShared(fault: { readonly kind: string }): fault is SharedFault {
  return KINDS.has(fault.kind)
}
