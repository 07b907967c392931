import MarkdownIt from 'markdown-it'

// A file of its own in the build, so that it can be loaded in the middle of what is synchronous.

export type MarkdownParser = MarkdownIt

/** Finds the blocks of Markdown. Link definitions stay paragraphs, or their lines would be in no token. */
export function createMarkdownParser(): MarkdownParser {
  return new MarkdownIt({ html: true }).disable('reference')
}
