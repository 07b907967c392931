import { load } from 'cheerio/slim'
import type { Document, Element } from 'domhandler'

/** Which parts of a page are its content, as a user configures it. */
export interface PageSelectors {
  /** CSS selectors of the main content. All matches count, in document order. Without a match the usual rules apply. */
  readonly content?: readonly string[] | undefined
  /** CSS selectors of what is removed from the main content. */
  readonly remove?: readonly string[] | undefined
  /** CSS selectors of elements that are code blocks although they are no `pre`. */
  readonly code_blocks?: readonly string[] | undefined
}

/**
 * What is wrong with a CSS selector, as a phrase for an error message; `undefined` for a selector that works. For the
 * configuration: {@link extractPage} itself leaves a broken selector out.
 */
export function selectorProblem(selector: string): string | undefined {
  if (selector.trim() === '') return 'it is empty'
  try {
    load('<p></p>').root().find(selector)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Elements that match one of the selectors, in no particular order. */
export function selected(document: Document, selectors: readonly string[] | undefined): ReadonlySet<Element> {
  const found = new Set<Element>()
  if (selectors === undefined || selectors.length === 0) return found
  // The tree of our own parser, whose depth is bounded; its types are those of another version of the same library.
  const page = load(document as unknown as Parameters<typeof load>[0]).root()
  for (const selector of selectors) {
    if (selectorProblem(selector) !== undefined) continue
    for (const element of page.find(selector).get()) found.add(element as unknown as Element)
  }
  return found
}
