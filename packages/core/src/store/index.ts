export { EmbeddedVectorStore } from './embedded/embedded-vector-store.ts'
export { QdrantVectorStore } from './qdrant/qdrant-vector-store.ts'
export type { Point, PointFilter, PointPayload, SearchHit, SearchMode, SourcePoints, StoredPoint, VectorStore } from './vector-store.ts'
