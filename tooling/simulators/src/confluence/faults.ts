import type { SharedFault } from '../base/faults.ts'

/** Something that goes wrong with one request on Confluence alone. */
export type OwnFault =
  | {
      /** Cloud: Atlassian's gateway refuses a token that lacks the scope of this route, with 401. */
      readonly kind: 'missing-scope'
    }
  | {
      /** A listing by cursor without results, whose next link leads on to what is left. Nothing to listings by position. */
      readonly kind: 'empty-page'
    }

/** Something that goes wrong with one request. */
export type ConfluenceFault = SharedFault | OwnFault
