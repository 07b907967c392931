import type { KnownDocuments } from '@qdrant-loader/connector-sdk'
import { validatorsFrom } from '../validators.ts'
import type { KnownPage } from './crawl-step.ts'
import { unpackLines } from './packed-lines.ts'

/** What is recorded of pages, up to 1,000 at once. Ids that are not recorded are in it, without a value. */
export async function knownPages(
  known: KnownDocuments,
  ids: readonly string[],
  fingerprint: string,
): Promise<ReadonlyMap<string, KnownPage | undefined>> {
  const documents = await known.ofMany(ids)
  return new Map(
    ids.map((id) => {
      const document = documents.get(id)
      if (document === undefined) return [id, undefined]
      const validators = validatorsFrom(document.validators, fingerprint)
      const usable = validators !== undefined && unpackLines(validators.l) !== undefined
      return [id, { document, validators: usable ? validators : undefined }]
    }),
  )
}
