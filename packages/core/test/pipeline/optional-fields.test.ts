import type { Change, ConnectorPlugin, DocumentStub, SourceDocument } from '@qdrant-loader/connector-sdk'
import { expect, it } from 'vitest'
import { ScriptedSource } from './scripted-source.ts'
import { cleanBuild, Workbench } from './workbench.ts'

/** The same source, from a connector that writes down every field, also those of which it knows nothing. */
class WordySource extends ScriptedSource {
  override plugin(): ConnectorPlugin<unknown, { revision: number; after?: string | undefined }> {
    const plugin = super.plugin()
    return {
      ...plugin,
      open: async (config, context) => {
        const { detector, reader, ...opened } = await plugin.open(config, context)
        return {
          ...opened,
          detector: {
            ...detector,
            async *detect(request, signal) {
              for await (const change of detector.detect(request, signal)) yield wordy(change)
            },
          },
          reader: {
            async read(stub, signal) {
              const document = await reader.read(stub, signal)
              return document === 'gone' ? document : wordyDocument(document)
            },
          },
        }
      },
    }
  }
}

function wordy<Cursor>(change: Change<Cursor>): Change<Cursor> {
  if (change.kind === 'upsert' || change.kind === 'move') return { document: undefined, ...change, stub: wordyStub(change.stub) }
  return change.kind === 'complete' ? { unreadable: undefined, shortfalls: undefined, ...change } : change
}

function wordyStub({ location, ...stub }: DocumentStub): DocumentStub {
  return { metadataVersion: undefined, metadata: undefined, createdAt: undefined, updatedAt: undefined, validators: undefined, ...stub, location: { path: undefined, title: undefined, ...location } }
}

function wordyDocument({ stub, ...document }: SourceDocument): SourceDocument {
  return { title: undefined, metadata: undefined, language: undefined, dependsOn: undefined, skipped: undefined, ...document, stub: wordyStub(stub) }
}

it('a field that is undefined is one that is absent: the same points, and nothing to do when a connector changes from one to the other', async () => {
  const [terse, verbose] = [new ScriptedSource(), new WordySource()]
  for (const source of [terse, verbose]) {
    source.put('a', 'first\n\nsecond')
    source.put('b', { text: 'third', title: 'B', metadata: { team: 'docs' }, validators: 'etag' })
    source.put('c', '')
  }
  expect(await cleanBuild(verbose)).toEqual(await cleanBuild(terse))

  const bench = await Workbench.open()
  try {
    await bench.sync(terse)
    verbose.fetched = []
    const before = { ...bench.store.done }
    const report = await bench.sync([bench.job(verbose, { settings: { fullListingIntervalMs: 0 } })])
    expect(report.sources[0]).toMatchObject({ status: 'succeeded', documents: { added: 0, updated: 0, deleted: 0, unchanged: 3 } })
    expect(verbose.fetched).toEqual([])
    expect(bench.store.done).toEqual(before)
  } finally {
    await bench.close()
  }
})
