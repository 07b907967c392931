import type { PageContent, Resource, SitePage } from './site-page.ts'

/** What stands at the paths of a site, and how its authors change it, apart from HTTP. */
export class SiteWorld {
  readonly #resources = new Map<string, Resource>()
  readonly #now: () => number
  #build = 1
  #builtAt: number

  constructor(now: () => number) {
    this.#now = now
    this.#builtAt = now()
  }

  /** Number of the build that stands in every page. */
  get build(): number {
    return this.#build
  }

  /** When the last build ran, in milliseconds since the epoch: no file is older. */
  get builtAt(): number {
    return this.#builtAt
  }

  get now(): number {
    return this.#now()
  }

  at(path: string): Resource | undefined {
    return this.#resources.get(path)
  }

  page(path: string): SitePage {
    const resource = this.#resources.get(path)
    if (resource?.kind !== 'page') throw new Error(`there is no page at ${path}`)
    return resource.page
  }

  pages(): SitePage[] {
    return [...this.#resources.values()].flatMap((resource) => (resource.kind === 'page' ? [resource.page] : []))
  }

  paths(): string[] {
    return [...this.#resources.keys()]
  }

  createPage(path: string, content: Partial<PageContent> = {}): void {
    const now = this.#now()
    const page = { title: `Page ${path}`, blocks: [], links: [], ...content, path, createdAt: now, editedAt: now }
    this.#resources.set(path, { kind: 'page', page })
  }

  /** Changes what is named; the rest stays. `undefined` takes something away. */
  editPage(path: string, changes: { readonly [Key in keyof PageContent]?: PageContent[Key] | undefined }): void {
    const edited = Object.entries({ ...this.page(path), ...changes, editedAt: this.#now() }).filter(([, value]) => value !== undefined)
    this.#resources.set(path, { kind: 'page', page: Object.fromEntries(edited) as unknown as SitePage })
  }

  /**
   * Moves a page, which writes its file anew. `status` is what its old path answers with from now on; `none` leaves a
   * 404. Links stay as they are.
   */
  movePage(from: string, to: string, status: 301 | 302 | 308 | 410 | 'none'): void {
    const page = this.page(from)
    this.#resources.delete(from)
    this.#resources.set(to, { kind: 'page', page: { ...page, path: to, editedAt: this.#now() } })
    if (status === 410) this.#resources.set(from, { kind: 'gone' })
    else if (status !== 'none') this.#resources.set(from, { kind: 'redirect', status, to })
  }

  /** Writes `to` instead of `from` into the links of all pages, as a site generator does after a move. */
  relink(from: string, to: string): void {
    for (const page of this.pages()) {
      const links = page.links.map((link) => (link === from ? to : link))
      const blocks = page.blocks.map((block) =>
        block.kind === 'paragraph' && block.link?.href === from ? { ...block, link: { ...block.link, href: to } } : block,
      )
      const linked = page.links.includes(from) || page.blocks.some((block) => block.kind === 'paragraph' && block.link?.href === from)
      if (linked) this.editPage(page.path, { links, blocks })
    }
  }

  redirect(from: string, to: string, status: 301 | 302 | 303 | 307 | 308 = 301): void {
    this.#resources.set(from, { kind: 'redirect', status, to })
  }

  deletePage(path: string, status: 404 | 410 = 404): void {
    if (status === 410) this.#resources.set(path, { kind: 'gone' })
    else this.#resources.delete(path)
  }

  /** The generator runs again: every page gets other bytes and a new time, and none another content. */
  rebuild(): void {
    this.#build += 1
    this.#builtAt = this.#now()
  }
}
