import { isLoaderError } from '@qdrant-loader/connector-sdk'

/** True when another process held the state file for longer than the busy time-out. */
export function isBusyState(error: unknown): boolean {
  return isLoaderError(error) && error.kind === 'transient' && error.code.startsWith('state_')
}
