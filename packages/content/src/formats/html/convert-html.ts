import { extractPage } from '../../page/extract-page.ts'
import type { Conversion, ConvertedText } from '../format.ts'

/** An HTML file as a page of a site: its main content, without scripts and navigation. */
export function convertHtml(html: string, { baseUrl }: Conversion): ConvertedText {
  const page = extractPage(html, { url: baseUrl })
  const { title, description, language } = page
  return {
    text: page.markdown,
    format: 'markdown',
    title,
    language,
    ...(description !== undefined && { metadata: { description } }),
  }
}
