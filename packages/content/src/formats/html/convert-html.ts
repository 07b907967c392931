import { extractPage } from '../../page/extract-page.ts'
import type { Conversion, ConvertedText } from '../format.ts'

/** Where relative links of a file without an address are resolved, to be made relative again. */
const NOWHERE = 'http://relative.invalid/'

/** An HTML file as a page of a site: its main content, without scripts and navigation. */
export function convertHtml(html: string, { baseUrl }: Conversion): ConvertedText {
  const page = extractPage(html, { url: baseUrl ?? NOWHERE })
  const { title, description, language } = page
  return {
    text: baseUrl === undefined ? page.markdown.replaceAll(NOWHERE, '') : page.markdown,
    format: 'markdown',
    title,
    language,
    ...(description !== undefined && { metadata: { description } }),
  }
}
