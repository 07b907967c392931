import type { KnownDocument } from '@qdrant-loader/connector-sdk'
import type { Git } from '../git/git-process.ts'
import { blobSizes } from '../tree/tree.ts'
import type { TreeEntry } from '../tree/tree.ts'
import { sizeFrom } from '../validators.ts'
import type { BlobSupply } from './blob-supply.ts'

/** Names in a request for what the host knows. */
const LOOKED_UP = 1_000
/** Ids that one git is asked for. */
const ASKED = 20_000

/** What is needed to tell sizes. */
export interface SizeSource {
  readonly git: Git
  readonly blobs: BlobSupply
  readonly signal: AbortSignal
}

/**
 * The sizes of blobs by id. What the copy lacks is fetched, all of it together; the documents need it anyway. One that
 * the remote does not give is absent.
 */
export async function sizesOf(ids: readonly string[], { git, blobs, signal }: SizeSource): Promise<ReadonlyMap<string, number>> {
  const sizes = await present(ids, git, signal)
  const lacking = ids.filter((id) => !sizes.has(id))
  if (lacking.length === 0) return sizes
  await blobs.bring(lacking, signal)
  for (const [id, size] of await present(lacking, git, signal)) sizes.set(id, size)
  return sizes
}

async function present(ids: readonly string[], git: Git, signal: AbortSignal): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for (let start = 0; start < ids.length; start += ASKED) {
    for (const [id, size] of await blobSizes(git, ids.slice(start, start + ASKED), signal)) sizes.set(id, size)
  }
  return sizes
}

/**
 * The sizes of the files among these entries that the listing did not know, by blob. What the host holds unchanged
 * keeps the size that it was recorded with: nothing is fetched to list it again.
 */
export async function sizesOfEntries(
  entries: readonly TreeEntry[],
  known: (ids: readonly string[]) => Promise<ReadonlyMap<string, KnownDocument>>,
  source: SizeSource,
): Promise<ReadonlyMap<string, number>> {
  const unknown = entries.filter(({ kind, size }) => kind === 'file' && size === undefined)
  const sizes = new Map<string, number>()
  const lacking = new Set<string>()
  for (let start = 0; start < unknown.length; start += LOOKED_UP) {
    const some = unknown.slice(start, start + LOOKED_UP)
    const documents = await known(some.map(({ id }) => id))
    for (const { id, blob } of some) {
      const document = documents.get(id)
      const size = document?.contentVersion === blob ? sizeFrom(document.validators) : undefined
      if (size === undefined) lacking.add(blob)
      else sizes.set(blob, size)
    }
  }
  for (const [blob, size] of await sizesOf([...lacking], source)) sizes.set(blob, size)
  return sizes
}
