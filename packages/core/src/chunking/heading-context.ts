import { countTokens, segmentEnd } from './token-counter.ts'

/** The part of a chunk that the heading path may take. */
const LARGEST_PART = 1 / 4
const SEPARATOR = ' > '
const END = '\n\n'

/** What stands before a chunk's text in the embedder input. */
export interface HeadingContext {
  /** Headings and the blank line after them; empty when there is nothing to say. */
  readonly text: string
  readonly tokens: number
}

/**
 * The heading path as the embedder sees it, in at most a quarter of the chunk: outer headings are left out first, and
 * an innermost heading that is too long by itself is cut after a word.
 */
export function contextOf(path: readonly string[], chunkSize: number): HeadingContext {
  const limit = Math.floor(chunkSize * LARGEST_PART)
  for (let from = 0; from < path.length; from++) {
    const text = path.slice(from).join(SEPARATOR) + END
    // A token has at most as many characters as the text: no need to count what is far too long.
    if (text.length > limit * 64) continue
    const tokens = countTokens(text)
    if (tokens <= limit) return { text, tokens }
  }
  return cutAfterWord(path.at(-1) ?? '', limit)
}

function cutAfterWord(heading: string, limit: number): HeadingContext {
  let end = 0
  let tokens = countTokens(END)
  while (end < heading.length) {
    const next = segmentEnd(heading, end, heading.length)
    const more = countTokens(heading.slice(end, next))
    if (tokens + more > limit) break
    tokens += more
    end = next
  }
  return end === 0 ? { text: '', tokens: 0 } : { text: heading.slice(0, end) + END, tokens }
}
