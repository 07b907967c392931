import { joinUnits } from './boundaries.ts'
import type { Chunk, ChunkingOptions, ChunkText } from './chunker.ts'
import { codeUnits } from './code-units.ts'
import { contextOf } from './heading-context.ts'
import { markdownSections } from './markdown-units.ts'
import { overlapStart } from './overlap.ts'
import type { Section } from './section.ts'
import { paragraphUnits } from './text-units.ts'
import { countTokens } from './token-counter.ts'
import type { Span } from './unit.ts'

/** Part of the chunking fingerprint. Raise it when the same text and options give other chunks. */
export const CHUNKING_VERSION = 1

/**
 * Cuts a text into chunks: Markdown by heading path and block, code by top-level blocks, other text by paragraphs.
 *
 * - Every line that is not blank is in some chunk, verbatim unless it is longer than a chunk. Chunks are stretches of
 *   the text, in its order; with `chunkOverlap` 0 they share nothing.
 * - No embedder input has more than `chunkSize` tokens of `countTokens`.
 * - Boundaries are decided by the text beside them: `docs/adr/0002-chunk-boundaries.md`.
 * - `headingPath` names the section's own heading last. The embedder input begins with the headings that are not in
 *   the chunk's first lines anyway; they take at most a quarter of the chunk, outer ones are left out first.
 * - Text that is empty or white space gives no chunks.
 */
export const chunkText: ChunkText = ({ text, format }, options) => {
  const chunks: Chunk[] = []
  for (const section of sectionsOf(text, format)) addChunks(text, section, options, chunks)
  return chunks
}

function sectionsOf(text: string, format: 'markdown' | 'code' | 'text'): readonly Section[] {
  if (format === 'markdown') return markdownSections(text)
  const units = format === 'code' ? codeUnits(text) : paragraphUnits(text, 0, text.length)
  return units.length === 0 ? [] : [{ path: [], ownHeadings: 0, units }]
}

function addChunks(text: string, section: Section, options: ChunkingOptions, chunks: Chunk[]): void {
  const context = contextOf(section.path, options.chunkSize)
  const limit = options.chunkSize - context.tokens - options.chunkOverlap
  const spans = joinUnits(text, section.units, limit)
  const outer = section.ownHeadings === 0 ? context : contextOf(section.path.slice(0, -section.ownHeadings), options.chunkSize)
  for (const [at, span] of spans.entries()) {
    const prefix = at === 0 ? outer.text : context.text
    const overlapping = at === 0 ? span : withOverlap(text, prefix, spans, at, options)
    const piece = text.slice(overlapping.start, overlapping.end)
    chunks.push({ headingPath: section.path, text: piece, embedderInput: prefix + piece })
  }
}

function withOverlap(
  text: string,
  prefix: string,
  spans: readonly Span[],
  at: number,
  { chunkSize, chunkOverlap }: ChunkingOptions,
): Span {
  const span = spans[at] as Span
  if (chunkOverlap === 0) return span
  const start = overlapStart(text, (spans[0] as Span).start, span.start, chunkOverlap)
  // Inside a word too long for one chunk, tokens do not add up exactly: there it is counted again.
  return countTokens(prefix + text.slice(start, span.end)) <= chunkSize ? { start, end: span.end } : span
}
