import type { Block } from '../../html/conversion.ts'
import { HtmlConversion } from '../../html/html-conversion.ts'
import { parseHtml } from '../../html/parse-html.ts'

/** The blocks of HTML that stands in another format. */
export function htmlBlocks(html: string): Block[] {
  const document = parseHtml(html)
  return new HtmlConversion(document.children, {}).blocks(document.children)
}
