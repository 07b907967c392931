import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { Head } from '../site/head.ts'
import type { BrokenRow } from './confluence-api.ts'

/** Pages whose labels and files are known, and the others as rows that could not be listed: what they show is not to be trusted. */
export function detailed(all: readonly Head[], errors: ReadonlyMap<string, LoaderError>): { readonly heads: readonly Head[]; readonly undetailed: readonly BrokenRow[] } {
  const undetailed = all.flatMap(({ id, kind, space, title }) => {
    const error = errors.get(id)
    return error ? [{ space, kind, id, title, error }] : []
  })
  return { heads: all.filter(({ id }) => !errors.has(id)), undetailed }
}
