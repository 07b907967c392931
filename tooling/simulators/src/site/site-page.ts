/** A piece of a page's content. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string; readonly link?: { readonly href: string; readonly text: string } }
  | { readonly kind: 'list'; readonly ordered?: boolean; readonly items: readonly string[]; readonly nested?: readonly string[] }
  | { readonly kind: 'code'; readonly language: string; readonly code: string }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'definitions'; readonly entries: readonly (readonly [term: string, meaning: string])[] }

/** What an author decides about a page. */
export interface PageContent {
  readonly title: string
  readonly blocks: readonly Block[]
  /** Links in the navigation beside the content: paths, or whole URLs. */
  readonly links: readonly string[]
  readonly description?: string
  readonly language?: string
  readonly noindex?: boolean
  readonly nofollow?: boolean
  /** As written into `<link rel="canonical">`. */
  readonly canonical?: string
  /** Bytes on the wire. Default `utf-8`. */
  readonly charset?: 'utf-8' | 'windows-1252' | 'utf-16le'
  /** Where the charset is said. Default `header`. */
  readonly charsetIn?: 'header' | 'meta' | 'mark'
  /** Default `html`. */
  readonly format?: 'html' | 'text' | 'markdown'
  /** Named in the sitemap. Default true. */
  readonly listed?: boolean
}

/** A page as it stands at a path. */
export interface SitePage extends PageContent {
  readonly path: string
  /** When its content was last edited, in milliseconds since the epoch. */
  readonly editedAt: number
  readonly createdAt: number
}

/** What stands at a path. Nothing at all is a 404. */
export type Resource =
  | { readonly kind: 'page'; readonly page: SitePage }
  | { readonly kind: 'redirect'; readonly status: 301 | 302 | 303 | 307 | 308; readonly to: string }
  | { readonly kind: 'gone' }

/** Lines of the content that a reader reads, without marks of any format. */
export function linesOf(page: PageContent): readonly string[] {
  return page.blocks.flatMap((block): readonly string[] => {
    switch (block.kind) {
      case 'heading':
      case 'note':
        return [block.text]
      case 'paragraph':
        return block.link === undefined ? [block.text] : [block.text, block.link.text]
      case 'list':
        return [...block.items, ...(block.nested ?? [])]
      case 'code':
        return block.code.split('\n')
      case 'table':
        return block.rows.flat()
      case 'definitions':
        return block.entries.flat()
    }
  })
}
