import { isLoaderError } from '@qdrant-loader/connector-sdk'

/**
 * A page of rows with `updated`. Where the server fails to show one of them, the page as bare ids: those are read like
 * new issues, and the one that cannot be shown fails alone.
 */
export async function orBareRows<Answer>(rows: (fields: readonly string[]) => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  try {
    return await rows(['updated'])
  } catch (error) {
    signal.throwIfAborted()
    if (!isLoaderError(error) || error.kind !== 'transient' || error.rateLimited) throw error
    return await rows(['id']).catch((again: unknown) => {
      signal.throwIfAborted()
      // It was not the rows.
      throw isLoaderError(again) && again.kind !== 'transient' ? again : error
    })
  }
}
