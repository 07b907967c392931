import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import type { Flow } from '../markdown/leaf.ts'
import type { Conversion, Scope } from './conversion.ts'
import { isShown, pageFrom, resourceFlow } from './convert-link.ts'
import { lineIn } from './macro.ts'
import type { IncludeReference, PageReference } from './references.ts'
import { readStorage } from './storage-body.ts'

// Confluence itself shows an error for pages that include each other.
const MAX_INCLUDES_DEEP = 5

/** Another page, or an excerpt of it, in the place of the macro; a link to it when it is not to be had. */
export function include(reference: IncludeReference, scope: Scope, conversion: Conversion): Flow[] {
  const page = pageFrom(reference.page, scope)
  const shown = conversion.options.included?.({ ...reference, page })
  if (shown === undefined) return link(page, scope, conversion)
  if ('markdown' in shown) return shown.markdown.trim() === '' ? [] : [{ type: 'html', value: shown.markdown.trim() }]
  const refused = scope.including.includes(shown.id) || scope.including.length >= MAX_INCLUDES_DEEP || conversion.includesLeft <= 0
  if (refused) return link(page, scope, conversion)
  conversion.includesLeft -= 1
  const from = { page: shown.page, ...(shown.pageUrl !== undefined && { pageUrl: shown.pageUrl }) }
  const inside = { ...scope, from, including: [...scope.including, shown.id] }
  const { root } = readStorage(shown.storage)
  const flow = scope.inLine && reference.kind === 'excerpt'
    ? conversion.convert(lineIn(root), inside)
    : flowToBlocks(conversion.convert(root.children, { ...inside, inLine: false }))
  // The excerpt that is asked for isn't there, say.
  return isShown(flow) ? flow : link(page, scope, conversion)
}

function link(page: PageReference, scope: Scope, conversion: Conversion): Flow[] {
  const flow = resourceFlow({ type: 'page', page }, scope, conversion)
  return scope.inLine ? flow : flowToBlocks(flow)
}
