import type { DeletionVerdict, Presence } from '@qdrant-loader/connector-sdk'
import type { Whereabouts } from '../api/confluence-api.ts'

/** Whether that is a reason to remove it. */
export function isGone(presence: Presence | undefined): presence is DeletionVerdict {
  return presence !== undefined && presence !== 'present' && presence !== 'unknown'
}

/**
 * The one place where it is decided what a status means: of what a listing shows, of what a search finds, and of what was
 * asked about alone. Undefined for what cannot be seen. `selected`: undefined where that is not known.
 */
export function presenceOf(where: Whereabouts | undefined, selected: boolean | undefined): Presence | undefined {
  switch (where?.status) {
    case undefined:
      return undefined
    case 'archived':
      return 'archived'
    case 'trashed':
    case 'deleted':
      return 'deleted'
    case 'current':
      if (where.space === undefined) return 'out-of-scope'
      if (selected === undefined) return 'unknown'
      return selected ? 'present' : 'out-of-scope'
    default:
      return 'unknown'
  }
}
