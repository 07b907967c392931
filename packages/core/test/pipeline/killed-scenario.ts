import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import { OpenAiEmbedder } from '../../src/embedding/openai-embedder.ts'
import { QdrantVectorStore } from '../../src/store/qdrant/qdrant-vector-store.ts'
import { ScriptedSource } from './scripted-source.ts'
import { Workbench } from './workbench.ts'

/** Inputs in one request, and requests at once. */
export const AT_THE_EMBEDDER = { batchSize: 16, maxConcurrency: 4 }

const SETTINGS = { batchSize: 12, queueSize: 500, maxWorkers: 8, chunking: { chunkSize: 32, chunkOverlap: 0 } }

/** Where a run reads and writes. */
export interface KilledWorld {
  readonly directory: string
  readonly embedderUrl: string
  /** Empty: the embedded store. */
  readonly storeUrl: string
  /** Of the collection, where there is a server. */
  readonly collection: string
}

function text(document: number, paragraphs: number, version: number): string {
  return Array.from(
    { length: paragraphs },
    (_, at) => `paragraph ${at} of document ${document}, version ${at % 2 === 0 ? 0 : version}, with words enough to make it a chunk of its own`,
  ).join('\n\n')
}

/** Short documents, and one that no batch of requests holds. An update changes half of the paragraphs of every second one. */
export function killedSource(updated: boolean): ScriptedSource {
  const source = new ScriptedSource()
  for (let index = 0; index < 60; index += 1) source.put(`doc${index}`, text(index, 6, 0))
  source.put('long', text(1_000, 120, 0))
  if (!updated) return source
  for (let index = 0; index < 60; index += 2) source.put(`doc${index}`, text(index, 6, 1))
  source.put('long', text(1_000, 120, 1))
  source.move('doc1', 'moved')
  return source
}

/** Opens what a run works with: real state, store and client of the embedding server. */
export async function openWorld(world: KilledWorld): Promise<{ readonly bench: Workbench; readonly embedder: OpenAiEmbedder }> {
  const bench = await Workbench.open({ directory: world.directory, settings: SETTINGS })
  if (world.storeUrl !== '') Object.assign(bench, { store: new QdrantVectorStore({ url: world.storeUrl, collectionName: world.collection }) })
  const embedder = new OpenAiEmbedder({
    model: 'some-model',
    baseUrl: world.embedderUrl,
    dimensions: 8,
    ...AT_THE_EMBEDDER,
    retry: { ...DEFAULT_RETRY, attempts: 0 },
    sleep: async () => {},
    now: Date.now,
  })
  return { bench, embedder }
}
