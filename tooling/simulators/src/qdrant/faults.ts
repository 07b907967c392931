import type { SharedFault } from '../base/faults.ts'

/** Something that goes wrong with one request on Qdrant alone. */
export type OwnFault =
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

/** Something that goes wrong with one request. */
export type QdrantFault = SharedFault | OwnFault
