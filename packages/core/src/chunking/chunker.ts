import type { TextFormat } from '@qdrant-loader/connector-sdk'

/** A piece of a document's text. */
export interface Chunk {
  /** The headings above it inside the document, outermost first. Empty for text without headings. */
  readonly headingPath: readonly string[]
  /** The piece itself, verbatim lines of the document. */
  readonly text: string
  /** Exactly what is given to the model: heading path and text. Nothing that can change without the text. */
  readonly embedderInput: string
}

export interface ChunkingOptions {
  /** Largest chunk in tokens, heading path included. 16 to 8,192. */
  readonly chunkSize: number
  /** Tokens of the preceding text repeated at the start of a chunk. 0 to half of `chunkSize`. */
  readonly chunkOverlap: number
}

/** Cuts a text. Pure: the same text and options give the same chunks, and every line of text is in some chunk. */
export type ChunkText = (
  source: { readonly text: string; readonly format: TextFormat; readonly language?: string | undefined },
  options: ChunkingOptions,
) => Chunk[]
