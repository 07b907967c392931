import type { OpenedSource } from '@qdrant-loader/connector-sdk'
import type { MemoryHost } from './memory-host.ts'

/** Does something with an opened source of a host, and closes it. */
export async function opened<Result>(host: MemoryHost, work: (source: OpenedSource<unknown>) => Promise<Result>): Promise<Result> {
  const { source } = await host.open()
  try {
    return await work(source)
  } finally {
    await source.close(undefined)
  }
}
