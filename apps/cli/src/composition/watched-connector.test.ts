import type { ConnectorContext, ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import { expect, it, vi } from 'vitest'
import { watchedConnector } from './watched-connector.ts'

/** Opens a connector that counts what it asks for through its context, and returns that context. */
async function opened(watch: () => void) {
  const counted: unknown[] = []
  let given: ConnectorContext | undefined
  class Plugin {
    readonly type = 'test'
    fingerprints() {
      return { selection: this.type, extraction: null }
    }
    async open(_config: unknown, context: ConnectorContext) {
      given = context
      return undefined as never
    }
  }
  const watched = watchedConnector(new Plugin() as unknown as ConnectorPlugin, watch)
  await watched.open({}, { count: (...words: unknown[]) => counted.push(words) } as unknown as ConnectorContext)
  if (given === undefined) throw new Error('it was not opened')
  return { watched, counted, context: given }
}

it('a run that asks once is not watched; the second request starts it', async () => {
  const watch = vi.fn<() => void>()
  const { context, counted, watched } = await opened(watch)
  context.count('source')
  expect(watch).not.toHaveBeenCalled()
  context.count('source')
  expect(watch).toHaveBeenCalled()
  expect(counted).toEqual([['source', 1], ['source', 1]])
  // What the connector has besides is as it was.
  expect(watched.fingerprints({})).toEqual({ selection: 'test', extraction: null })
})

it('content starts it at once', async () => {
  const watch = vi.fn<() => void>()
  const { context } = await opened(watch)
  context.count('content', 3)
  expect(watch).toHaveBeenCalled()
})
