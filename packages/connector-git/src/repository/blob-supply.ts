import { abortableSleep, isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError, RetryPolicy } from '@qdrant-loader/connector-sdk'
import type { ServerHealth } from '@qdrant-loader/http'
import { gitError } from '../codes.ts'
import { namedObjects, unknownGitError } from '../errors.ts'
import { GitFailure } from '../git/git-process.ts'
import type { RemoteClient } from '../remote/remote-client.ts'

/** What a {@link BlobSupply} needs. */
export interface BlobSupplyDeps {
  readonly client: RemoteClient
  /** For messages: the address without credentials. */
  readonly display: string
  readonly retry: RetryPolicy
  /** Fetches into the copy, under its lock. */
  readonly fetch: (objects: readonly string[], what: string, retry: RetryPolicy, signal: AbortSignal) => Promise<void>
  /** Fetches all content there is, for a remote that gives only what has a name. */
  readonly fetchEverything: (signal: AbortSignal) => Promise<void>
}

/** Fetched at once: what a run that is cut off has kept is a multiple of it. */
const BATCH = 2_000
/** Reads of one moment go out together, in milliseconds. */
const GATHER_MS = 10

/**
 * Brings the content of files into the copy: many in one fetch. One that the remote cannot give does not stop the
 * others; why it was not given is remembered for as long as the source is open.
 */
export class BlobSupply {
  readonly #deps: BlobSupplyDeps
  readonly #refused = new Map<string, LoaderError>()
  #health: ServerHealth | undefined
  #gathering: { readonly blobs: Set<string>; readonly brought: Promise<void> } | undefined

  constructor(deps: BlobSupplyDeps) {
    this.#deps = deps
  }

  /** Why the remote did not give this blob. */
  refusal(blob: string): LoaderError | undefined {
    return this.#refused.get(blob)
  }

  /** Fetches blobs that the copy lacks. @throws LoaderError when the remote cannot be reached. */
  async bring(blobs: Iterable<string>, signal: AbortSignal): Promise<void> {
    const wanted = [...new Set(blobs)].filter((blob) => !this.#refused.has(blob))
    for (let start = 0; start < wanted.length; start += BATCH) {
      const batch = wanted.slice(start, start + BATCH)
      const of = wanted.length > BATCH ? `${start + batch.length} of ${wanted.length}` : String(batch.length)
      await this.#bringBatch(batch, `fetching ${of} ${wanted.length === 1 ? 'file' : 'files'}`, signal)
    }
  }

  /** As {@link bring}, for one of many that are asked for at the same time. */
  async bringOne(blob: string, signal: AbortSignal): Promise<void> {
    const gathering = (this.#gathering ??= this.#gather(signal))
    gathering.blobs.add(blob)
    await gathering.brought
  }

  #gather(signal: AbortSignal): { readonly blobs: Set<string>; readonly brought: Promise<void> } {
    const blobs = new Set<string>()
    const brought = abortableSleep(GATHER_MS, signal)
      .finally(() => (this.#gathering = undefined))
      .then(() => this.bring(blobs, signal))
    return { blobs, brought }
  }

  async #bringBatch(batch: readonly string[], what: string, signal: AbortSignal): Promise<void> {
    // Loaded when a file has to be fetched at all: most runs have none.
    const { readInParts, ServerHealth } = await import('@qdrant-loader/http')
    this.#health ??= new ServerHealth({ probe: (probing) => this.#deps.client.listRefs(probing) })
    const parts = readInParts(batch, {
      size: BATCH,
      health: this.#health,
      signal,
      describe: (blob) => `blob ${blob}`,
      // The server died over what was asked for, and not over the connection.
      certain: ({ cause }) => cause instanceof GitFailure && /expected 'packfile'|possible repository corruption/i.test(cause.stderr),
      read: (items, call) => this.#fetch(items, what, call.retries, signal),
    })
    for await (const { items, error } of parts) {
      if (error !== undefined) this.#refuse(items[0], error)
    }
  }

  /** Leaves out what the remote names as the reason why it gives nothing, until it gives the rest. */
  async #fetch(items: readonly string[], what: string, retries: number | undefined, signal: AbortSignal): Promise<void> {
    const { retry, fetch, display } = this.#deps
    const policy = retries === undefined ? retry : { ...retry, attempts: retries }
    let rest = items
    while (rest.length > 0) {
      try {
        return await fetch(rest, what, policy, signal)
      } catch (error) {
        const failure = isLoaderError(error) ? error.cause : error
        if (!(failure instanceof GitFailure)) throw error
        if (/unadvertised object/.test(failure.stderr)) return this.#deps.fetchEverything(signal)
        const named = namedObjects(failure)
        const given = rest.filter((blob) => !named.has(blob))
        if (given.length === rest.length) throw isLoaderError(error) ? error : unknownGitError(failure, display)
        for (const blob of rest) if (named.has(blob)) this.#refuse(blob, failure)
        rest = given
      }
    }
  }

  #refuse(blob: string, cause: Error): void {
    const said = cause instanceof GitFailure ? unknownGitError(cause, this.#deps.display).message : cause.message
    this.#refused.set(
      blob,
      gitError('git_file_unservable', { blob, said }, { cause }),
    )
  }
}
