import type { Settings } from '@qdrant-loader/core/config'
import type { SearchHit, SearchMode, VectorStore } from '@qdrant-loader/core/store'
import { cliError } from '../codes.ts'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { searchFlags } from '../command-line/flags.ts'
import { usageError } from '../command-line/usage-error.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { openEmbedder } from '../composition/open-embedder.ts'
import { createStore } from '../composition/create-store.ts'
import { pointFilter } from '../composition/point-filter.ts'
import { ExitCode } from '../failure/exit-code.ts'
import { renderHits } from '../report/render-hits.ts'

type SearchContext = CommandContext<FlagValues<typeof searchFlags>>

const DEFAULT_LIMIT = 5

/** Searches the collection: by meaning, by words, or both. */
export async function search(context: SearchContext): Promise<CommandResult> {
  const settings = await loadConfiguration(context, { connectors: false })
  const store = createStore(settings, context)
  try {
    const mode = chooseMode(context.flags.mode, store)
    const hits = await find(context, settings, store, mode)
    const isConfigured = configuredIn(settings)
    if (!context.json) await context.print(renderHits(hits, context.terminal.columns, context.paint, isConfigured))
    const results = hits.map((hit) => ({ ...toJson(hit), configured: isConfigured(hit) }))
    const report = { status: 'succeeded', mode, query: context.operand, results }
    return { exitCode: ExitCode.done, report }
  } finally {
    await store.close()
  }
}

/**
 * Whether a hit comes from a source of this configuration. One that names no source is for searching alone: it says
 * nothing of them.
 */
function configuredIn({ sources }: Settings): (hit: SearchHit) => boolean {
  const names = new Set(sources.map(({ project, sourceType, source }) => JSON.stringify([project, sourceType, source])))
  return ({ payload: { project_id, source_type, source } }) => sources.length === 0 || names.has(JSON.stringify([project_id, source_type, source]))
}

function chooseMode(wanted: SearchMode | undefined, store: VectorStore): SearchMode {
  const mode = wanted ?? (store.searchModes.includes('fused') ? 'fused' : 'vector')
  if (store.searchModes.includes(mode)) return mode
  throw usageError(`The ${store.kind} store has no ${mode} search.`, `Use --mode ${store.searchModes.join(' or --mode ')}.`)
}

async function find(context: SearchContext, settings: Settings, store: VectorStore, mode: SearchMode): Promise<readonly SearchHit[]> {
  const { operand: text, flags, signal } = context
  const collection = await store.peek(signal)
  if (collection === undefined) {
    throw cliError('collection_missing', { location: store.location })
  }
  const query = { mode, text, filter: pointFilter(flags), limit: flags.limit ?? DEFAULT_LIMIT }
  if (mode === 'keyword') return await store.search(query, signal)
  const embedder = await openEmbedder(settings, context)
  try {
    if (collection.embeddingFingerprint !== undefined && collection.embeddingFingerprint !== embedder.fingerprint) {
      const { embeddingFingerprint: made } = collection
      throw cliError('embedding_mismatch/search', { location: store.location, made, configured: embedder.fingerprint })
    }
    const [vector] = await embedder.embed([text], signal)
    return await store.search({ ...query, ...(vector === undefined ? {} : { vector }) }, signal)
  } finally {
    await embedder.close()
  }
}

function toJson({ id, score, payload }: SearchHit): object {
  const { content, title, url, project_id, source_type, source, document_id, heading_path, chunk_index } = payload
  return { id, score, title, url, project: project_id, source_type, source, document_id, chunk_index, heading_path, content }
}
