import type { BlobReader } from './blob-reader.ts'
import type { BlobSupply } from './blob-supply.ts'

/**
 * The bytes of a blob, which is fetched where the copy lacks it; undefined where it is not there even then.
 *
 * @throws LoaderError why the remote did not give it, or that it cannot be reached
 */
export async function readOrBring(blob: string, reader: BlobReader, blobs: BlobSupply, signal: AbortSignal): Promise<Buffer | undefined> {
  const held = await reader.read(blob)
  if (held !== undefined) return held
  await blobs.bringOne(blob, signal)
  const brought = await reader.read(blob)
  const refusal = brought === undefined ? blobs.refusal(blob) : undefined
  if (refusal !== undefined) throw refusal
  return brought
}
