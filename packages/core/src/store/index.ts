export { EmbeddedVectorStore } from './embedded/embedded-vector-store.ts'
export type { EmbeddedVectorStoreOptions } from './embedded/embedded-vector-store.ts'
export { QdrantVectorStore } from './qdrant/qdrant-vector-store.ts'
export type { QdrantVectorStoreOptions } from './qdrant/qdrant-vector-store.ts'
export type {
  CollectionInfo,
  CollectionSpec,
  Point,
  PointFilter,
  PointPayload,
  SearchHit,
  SearchMode,
  SearchQuery,
  SourcePoints,
  StoredPoint,
  VectorStore,
} from './vector-store.ts'
