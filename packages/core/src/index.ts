export type { Embedder } from './embedding/embedder.ts'
