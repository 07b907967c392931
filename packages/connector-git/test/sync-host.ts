import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connector } from '@qdrant-loader/connector-git'
import type { GitConfig, GitCursor } from '@qdrant-loader/connector-git'
import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import { MemoryHost, recordingContext } from '@qdrant-loader/connector-testkit'

export type GitHost = MemoryHost<GitConfig, GitCursor>

/** A temporary folder for caches, and hosts that use it. */
export class Caches {
  readonly folder: string
  #count = 0

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<Caches> {
    return new Caches(await mkdtemp(join(tmpdir(), 'connector-git-cache-')))
  }

  /** A host with an empty state. With `cache`, it shares the folder of that name. */
  host(config: Readonly<Record<string, unknown>>, options: { readonly cache?: string; readonly source?: string } = {}): GitHost {
    return new MemoryHost({
      plugin: connector,
      config,
      configDirectory: this.folder,
      // A test that waits for its own server waits in vain.
      retry: { ...DEFAULT_RETRY, delayMs: 1 },
      cacheDirectory: join(this.folder, options.cache ?? `cache-${this.#count++}`),
      ...(options.source !== undefined && { source: options.source }),
    })
  }

  /** What doctor says. */
  async check(config: Readonly<Record<string, unknown>>, cacheDirectory = join(this.folder, 'check')): Promise<string> {
    const parsed = await connector.configSchema['~standard'].validate(config)
    if (parsed.issues) throw new Error(JSON.stringify(parsed.issues))
    const { context } = recordingContext({ configDirectory: this.folder, cacheDirectory, dryRun: true, retry: { ...DEFAULT_RETRY, delayMs: 1 } })
    const source = await connector.open(parsed.value, context)
    try {
      return await source.check(new AbortController().signal)
    } finally {
      await source.close(undefined)
    }
  }

  async dispose(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** What is held, in comparable form, without what stays between connector and state. */
export function held(host: GitHost): Record<string, unknown> {
  return Object.fromEntries(
    [...host.documents].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([id, { stub: { validators: _validators, ...stub }, document }]) => [id, { ...stub, ...document }]),
  )
}
