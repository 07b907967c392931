import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import type { Flow } from '../markdown/leaf.ts'
import type { Conversion, Scope } from './conversion.ts'
import { pageFrom, resourceFlow } from './convert-link.ts'
import { includeOf, type Macro } from './macro.ts'
import { readXml } from './read-xml.ts'

// Confluence itself shows an error for pages that include each other.
const MAX_INCLUDES_DEEP = 5

/** Another page, or an excerpt of it, in the place of the macro; a link to it when it is not to be had. */
export function include(macro: Macro, scope: Scope, conversion: Conversion): Flow[] {
  const reference = includeOf(macro)
  if (reference === undefined) return []
  const page = pageFrom(reference.page, scope)
  const shown = conversion.options.included?.({ ...reference, page })
  if (shown === undefined) return flowToBlocks(resourceFlow({ type: 'page', page }, scope, conversion))
  if ('markdown' in shown) return shown.markdown.trim() === '' ? [] : [{ type: 'html', value: shown.markdown.trim() }]
  const refused = scope.including.includes(shown.id) || scope.including.length >= MAX_INCLUDES_DEEP || conversion.includesLeft <= 0
  if (refused) return flowToBlocks(resourceFlow({ type: 'page', page }, scope, conversion))
  conversion.includesLeft -= 1
  const from = { page: shown.page, ...(shown.pageUrl !== undefined && { pageUrl: shown.pageUrl }) }
  const inside = { ...scope, from, including: [...scope.including, shown.id] }
  return flowToBlocks(conversion.convert(readXml(shown.storage).children, inside))
}
