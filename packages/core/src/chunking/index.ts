export { CHUNKING_VERSION, chunkText } from './chunk-text.ts'
export type { Chunk, ChunkingOptions, ChunkText } from './chunker.ts'
export { countTokens } from './token-counter.ts'
