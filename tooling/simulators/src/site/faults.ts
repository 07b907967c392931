import type { SharedFault } from '../base/faults.ts'
import type { SiteBehaviour } from './quirks.ts'

/** Something that goes wrong with one request on a site alone. */
export interface OwnFault {
  /** Refused in a way of {@link SiteBehaviour.refuse}. */
  readonly kind: 'refuse'
  readonly how: Exclude<SiteBehaviour['refuse'], 'off'>
}

/** Something that goes wrong with one request. */
export type SiteFault = SharedFault | OwnFault
