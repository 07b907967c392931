export { createLocalEmbedder } from './create-local-embedder.ts'
export type { LocalEmbedderOptions } from './create-local-embedder.ts'
export type { LocalEmbedder } from './embedder.ts'
