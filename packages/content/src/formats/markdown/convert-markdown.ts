import type { SkipReason } from '@qdrant-loader/connector-sdk'

import type { Conversion, ConvertedText } from '../format.ts'
import { payloadOfFrontMatter, splitFrontMatter } from './front-matter.ts'
import { plainText } from './markdown-blocks.ts'
import { markdownTitle } from './markdown-title.ts'
import { rewriteMarkup } from './rewrite-markup.ts'

/**
 * Markdown and MDX: front matter becomes metadata, and what a reader of the built page does not see (tags, imports,
 * directives of the usual generators) leaves the text. The title is that of the front matter, otherwise the first
 * heading of level 1, otherwise the first heading.
 */
export function convertMarkdown(source: string, { file, drafts = false }: Conversion): ConvertedText | { readonly skipped: SkipReason } {
  const { data, body } = splitFrontMatter(source)
  if (data !== undefined && !drafts && (data['draft'] === true || data['published'] === false)) return { skipped: 'draft' }
  const text = rewriteMarkup(body, file.name === 'mdx')
  const named = data?.['title']
  const title = typeof named === 'string' || typeof named === 'number' ? plainText(String(named)) : ''
  const frontMatter = data === undefined ? undefined : payloadOfFrontMatter(data)
  const language = data?.['lang'] ?? data?.['language']
  return {
    text,
    format: 'markdown',
    title: title === '' ? markdownTitle(text) : title,
    ...(frontMatter !== undefined && { metadata: { front_matter: frontMatter } }),
    ...(typeof language === 'string' && /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i.test(language) && { language }),
  }
}
