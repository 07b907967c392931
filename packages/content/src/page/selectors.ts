export interface PageSelectors {
  /** CSS selectors of the main content. All matches count, in document order. */
  readonly content?: readonly string[]
  /** CSS selectors of what is removed from the main content. */
  readonly remove?: readonly string[]
  /** CSS selectors of elements that are code blocks although they are no `pre`. */
  readonly code_blocks?: readonly string[]
}

/** What is wrong with a CSS selector, as a phrase for an error message; `undefined` for a selector that works. */
export function selectorProblem(selector: string): string | undefined {
  return selector.trim() === '' ? 'it is empty' : undefined
}
