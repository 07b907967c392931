import { type StorageBody, storageToMarkdown, type StorageOptions } from '../src/index.ts'

/** A construct and what it reads as; several strings are parts of a page, or lines of Markdown. */
export interface StorageCase {
  readonly name: string
  readonly storage: string | string[]
  readonly markdown: string | string[]
}

const PAGES = new Map([['Set up', '77'], ['77', '77'], ['News', '8'], ['124', '124']])
const TITLES = new Map([['77', 'Set up'], ['8', 'News']])

/** A site where one person, three pages (one of them without its title) and one file are known. */
const world: StorageOptions = {
  baseUrl: 'https://example.net/wiki',
  pageUrl: 'https://example.net/wiki/pages/1',
  pageId: '1',
  userName: user => user.id === '557:abc' ? 'Ann Lee' : undefined,
  linkedPage: page => {
    const id = PAGES.get(page.contentId ?? page.title ?? '')
    if (id === undefined) return undefined
    const title = TITLES.get(id)
    return { url: `https://example.net/wiki/pages/${id}`, ...(title !== undefined && { title }) }
  },
  attachmentUrl: ({ fileName }) => fileName === 'plan v2.png' ? 'https://example.net/wiki/download/plan%20v2.png' : undefined,
}

export function convert(storage: string | string[] | StorageBody, options: Partial<StorageOptions> = {}): string {
  return storageToMarkdown(Array.isArray(storage) ? storage.join('') : storage, { ...world, ...options }).markdown
}
