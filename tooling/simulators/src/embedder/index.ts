export { EmbedderSimulator, sendJson, vectorOf } from './embedder-simulator.ts'
export type { EmbeddingRequest, Misbehaviour } from './embedder-simulator.ts'
