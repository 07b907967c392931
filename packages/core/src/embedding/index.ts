export { CheckedEmbedder } from './checked-embedder.ts'
export type { Embedder } from './embedder.ts'
export { HashEmbedder } from './hash-embedder.ts'
export { OpenAiEmbedder } from './openai-embedder.ts'
