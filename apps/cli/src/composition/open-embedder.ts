import { HashEmbedder } from '@qdrant-loader/core'
import type { Embedder, Settings } from '@qdrant-loader/core'
import type { CommandContext } from '../command-context.ts'

/** The configured embedder. Models and connections are opened when the first text is embedded. */
export async function openEmbedder(settings: Settings, _context: CommandContext): Promise<Embedder> {
  const { dimensions } = settings.global.embedding
  return new HashEmbedder(dimensions === undefined ? {} : { dimensions })
}
