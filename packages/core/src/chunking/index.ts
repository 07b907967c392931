export { CHUNKING_VERSION, chunkText } from './chunk-text.ts'
