import { z } from 'zod'

/** `global.chunking`: how long the pieces are into which a document is cut, in tokens. */
export const ChunkingConfig = z
  .strictObject({
    chunk_size: z.int().min(16).max(8_192).describe('Longest chunk in tokens, heading path included.').default(512),
    chunk_overlap: z
      .int()
      .min(0)
      .max(4_096)
      .describe('Tokens of the preceding text repeated at the start of a chunk; at most half of `chunk_size`.')
      .default(0),
  })
  .superRefine(({ chunk_size: size, chunk_overlap: overlap }, context) => {
    if (overlap * 2 <= size) return
    const message = `must be at most half of chunk_size, which is ${Math.floor(size / 2)} here`
    context.addIssue({ code: 'custom', path: ['chunk_overlap'], message })
  })
export type ChunkingConfig = z.output<typeof ChunkingConfig>
