import { isTextless, type NodeType, type SimulatedContent, type SimulatedSpace, type SimulatedUser, type SpaceAccess } from './entities.ts'
import { toMinute } from '../base/query-language.ts'
import { SearchIndex } from './search-index.ts'

/** How a world begins. */
export interface WorldOptions {
  readonly deployment: 'cloud' | 'datacenter'
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Default 0. */
  readonly indexLagMs?: number
  /** See {@link ConfluenceWorld.rewritesLinks}. Default false. */
  readonly rewritesLinks?: boolean
}

/** A content as it is written. */
export interface NewPage {
  readonly space: string
  readonly title: string
  /** Storage format. Default: empty. */
  readonly body?: string
  /** Default: the space's home page. `null`: at the root of the space. */
  readonly parent?: string | null
  readonly labels?: readonly string[]
  readonly author?: string
}

/**
 * What a Confluence site holds, with the operations that its users have, apart from HTTP. As on the real server the
 * version of a page counts its own edits (text and title) and nothing else: not moves, labels, comments, attachments,
 * archiving, nor what happens to its ancestors.
 */
export class ConfluenceWorld {
  readonly deployment: 'cloud' | 'datacenter'
  readonly spaces = new Map<number, SimulatedSpace>()
  readonly contents = new Map<string, SimulatedContent>()
  readonly users = new Map<string, SimulatedUser>()
  readonly index: SearchIndex
  readonly now: () => number
  /**
   * A page that is renamed or moved to another space: the links to it and the includes of it in other pages are written
   * anew, without a new version of those pages. False: they stay as they are, and lead nowhere.
   */
  rewritesLinks: boolean
  #nextId = 98_304

  constructor(options: WorldOptions) {
    this.deployment = options.deployment
    this.now = options.now
    this.rewritesLinks = options.rewritesLinks ?? false
    this.index = new SearchIndex(options.indexLagMs ?? 0)
    this.createUser({ id: 'user-1', username: 'ada', displayName: 'Ada Lovelace' })
  }

  createUser(user: SimulatedUser): SimulatedUser {
    this.users.set(user.id, { ...user })
    return this.user(user.id)
  }

  user(id: string): SimulatedUser {
    return known(this.users.get(id), `user ${id}`)
  }

  /** A space comes with a home page, unless `homepage` is false. */
  createSpace({ key, name = key, homepage = true }: { readonly key: string; readonly name?: string; readonly homepage?: boolean }): SimulatedSpace {
    if (this.spaces.values().some((space) => space.key === key)) throw new Error(`there is a space ${key} already`)
    const id = Number(this.#takeId())
    const space: SimulatedSpace = { id, key, name, status: 'current', homepageId: undefined, access: 'readable', createdAt: this.now() }
    this.spaces.set(id, space)
    if (homepage) space.homepageId = this.createPage({ space: key, title: `${name} Home`, parent: null }).id
    return space
  }

  /** By key; throws where there is none. */
  space(key: string): SimulatedSpace {
    return known(this.spaces.values().find((space) => space.key === key), `space ${key}`)
  }

  /** What the client's account sees of a space from now on. */
  setAccess(key: string, access: SpaceAccess): void {
    this.space(key).access = access
  }

  /** Data Center archives spaces; their contents stay readable, and searches leave them out. */
  archiveSpace(key: string, archived = true): void {
    const space = this.space(key)
    space.status = archived ? 'archived' : 'current'
    for (const content of this.contents.values()) if (content.spaceId === space.id) this.#reindex(content)
  }

  createPage({ space, title, body = '', parent, labels = [], author = 'user-1' }: NewPage): SimulatedContent {
    const { id: spaceId, homepageId } = this.space(space)
    const above = parent === undefined ? homepageId : (parent ?? undefined)
    if (above !== undefined && this.#node(above).spaceId !== spaceId) throw new Error('a page and its parent share a space')
    this.#refuseTitle(spaceId, title)
    return this.#create({ type: 'page', spaceId, title, body, labels: [...labels], authorId: author, parentId: above })
  }

  createFolder(folder: Pick<NewPage, 'space' | 'title' | 'parent'>): SimulatedContent {
    return this.createNode('folder', folder)
  }

  /** Cloud: what can stand above pages and is none. Its title is changed with `rename`. */
  createNode(type: NodeType, { space, title, parent }: Pick<NewPage, 'space' | 'title' | 'parent'>): SimulatedContent {
    if (this.deployment !== 'cloud') throw new Error(`Data Center has no ${type}s`)
    const { id: spaceId, homepageId } = this.space(space)
    const parentId = parent === undefined ? homepageId : (parent ?? undefined)
    return this.#create({ type, spaceId, title, body: '', authorId: 'user-1', parentId })
  }

  createBlogPost({ space, title, body = '', labels = [], author = 'user-1' }: Omit<NewPage, 'parent'>): SimulatedContent {
    return this.#create({ type: 'blogpost', spaceId: this.space(space).id, title, body, labels: [...labels], authorId: author })
  }

  /** On a page or blog post, or as the reply to a comment. With `selection` it is an inline comment. */
  addComment(on: string, body: string, { selection, author = 'user-1' }: { readonly selection?: string; readonly author?: string } = {}): SimulatedContent {
    const target = this.content(on)
    const container = target.containerId === undefined ? target : this.content(target.containerId)
    const replied = target.type === 'comment' ? target : undefined
    const marked = replied === undefined ? selection : replied.inline?.selection
    return this.#create({
      type: 'comment',
      spaceId: container.spaceId,
      title: `Re: ${container.title}`,
      body,
      authorId: author,
      parentId: replied?.id,
      containerId: container.id,
      inline: marked === undefined ? undefined : { selection: marked, resolution: 'open' },
    })
  }

  addAttachment(on: string, title: string, { mediaType = 'application/pdf', bytes = 1_000 }: { readonly mediaType?: string; readonly bytes?: number } = {}): SimulatedContent {
    const container = this.content(on)
    const { spaceId, id: containerId } = container
    return this.#create({ type: 'attachment', spaceId, title, body: '', authorId: 'user-1', containerId, file: { mediaType, bytes } })
  }

  /** A new version of the text (of a page, blog post or comment). */
  edit(id: string, body: string, author = 'user-1'): void {
    const content = this.content(id)
    content.body = body
    this.#bump(content, author)
  }

  /** A new title is a new version, of this content alone. */
  rename(id: string, title: string, author = 'user-1'): void {
    const content = this.content(id)
    this.#refuseTitle(content.spaceId, title)
    const before = { space: this.spaceOf(content).key, title: content.title }
    content.title = title
    this.#bump(content, author)
    this.#rewriteLinks(content, before)
  }

  /** A page, folder or the like with everything below it. `parent: null` puts it at the root of the space. */
  movePage(id: string, to: { readonly parent?: string | null; readonly space?: string }): void {
    const page = this.#node(id)
    const space = to.space === undefined ? known(this.spaces.get(page.spaceId), 'space') : this.space(to.space)
    const parentId = to.parent === undefined ? space.homepageId : (to.parent ?? undefined)
    const moved = [page, ...this.descendants(id)]
    if (parentId !== undefined && this.#node(parentId).spaceId !== space.id) throw new Error('a page and its parent share a space')
    if (moved.some((content) => content.id === parentId)) throw new Error('a page cannot be moved below itself')
    if (space.id !== page.spaceId) for (const { title } of moved) this.#refuseTitle(space.id, title)
    page.parentId = parentId
    const from = this.spaceOf(page).key
    for (const content of moved) {
      for (const own of [content, ...this.attached(content.id)]) {
        own.spaceId = space.id
        this.#reindex(own)
      }
    }
    if (from !== space.key) for (const content of moved) this.#rewriteLinks(content, { space: from, title: content.title })
  }

  setLabels(id: string, labels: readonly string[]): void {
    const content = this.content(id)
    content.labels = [...labels]
    this.#reindex(content)
  }

  /** Cloud. Children move up to the parent, as the dialogue offers. */
  archivePage(id: string): void {
    if (this.deployment !== 'cloud') throw new Error('Data Center has no archived pages')
    this.#putAway(this.page(id), 'archived')
  }

  /** Children move up to the parent. */
  trash(id: string): void {
    const content = this.content(id)
    if (content.type !== 'page' && content.type !== 'blogpost') this.#purge(content)
    else this.#putAway(content, 'trashed')
  }

  /** Back from the archive or the trash, below its former parent if that is still there, else at the root. */
  restore(id: string): void {
    const content = this.content(id)
    if (content.status === 'current') throw new Error(`${id} is not put away`)
    const parent = content.parentId === undefined ? undefined : this.contents.get(content.parentId)
    if (parent?.status !== 'current' || parent.spaceId !== content.spaceId) content.parentId = undefined
    this.#refuseTitle(content.spaceId, content.title)
    content.status = 'current'
    for (const own of [content, ...this.attached(id)]) this.#reindex(own)
  }

  /** Out of the trash for good. */
  purge(id: string): void {
    const content = this.content(id)
    if (content.status !== 'trashed') throw new Error(`${id} is not in the trash`)
    for (const own of this.attached(id)) this.#purge(own)
    this.#purge(content)
  }

  /** Restricts a content (and what is below it) to others. */
  hide(id: string, hidden = true): void {
    this.content(id).hidden = hidden
  }

  content(id: string): SimulatedContent {
    return known(this.contents.get(id), `content ${id}`)
  }

  page(id: string): SimulatedContent {
    const content = this.content(id)
    if (content.type !== 'page') throw new Error(`${id} is no page`)
    return content
  }

  #node(id: string): SimulatedContent {
    const content = this.content(id)
    if (!isNode(content)) throw new Error(`${id} is neither a page nor a folder`)
    return content
  }

  spaceOf(content: SimulatedContent): SimulatedSpace {
    return known(this.spaces.get(content.spaceId), 'space')
  }

  /** From the root down to the parent; of comments: none. */
  ancestors(content: SimulatedContent): SimulatedContent[] {
    if (!isNode(content)) return []
    const found: SimulatedContent[] = []
    for (let id = content.parentId; id !== undefined; ) {
      const above = this.contents.get(id)
      if (above === undefined) break
      found.unshift(above)
      id = above.parentId
    }
    return found
  }

  /** All pages and folders below, whatever their status. */
  descendants(id: string): SimulatedContent[] {
    const children = this.contents.values().filter((content) => isNode(content) && content.parentId === id).toArray()
    return children.flatMap((child) => [child, ...this.descendants(child.id)])
  }

  /** Comments and attachments. */
  attached(id: string): SimulatedContent[] {
    return this.contents.values().filter((content) => content.containerId === id).toArray()
  }

  /** Whether the client's account may see it, whatever its status. */
  isVisible(content: SimulatedContent): boolean {
    if (this.spaceOf(content).access !== 'readable') return false
    const container = content.containerId === undefined ? undefined : this.contents.get(content.containerId)
    if (container !== undefined && (!this.isVisible(container) || container.status === 'trashed')) return false
    return ![content, ...this.ancestors(content)].some(({ hidden }) => hidden)
  }

  #create(given: Pick<SimulatedContent, 'type' | 'spaceId' | 'title' | 'body' | 'authorId'> & Partial<SimulatedContent>): SimulatedContent {
    this.user(given.authorId)
    const now = this.now()
    const id = this.#takeId()
    const content: SimulatedContent = {
      id,
      status: 'current',
      version: { number: 1, createdAt: now, authorId: given.authorId },
      createdAt: now,
      labels: [],
      parentId: undefined,
      containerId: undefined,
      hidden: false,
      position: Number(id),
      inline: undefined,
      file: undefined,
      ...given,
    }
    this.contents.set(content.id, content)
    this.#reindex(content)
    return content
  }

  #bump(content: SimulatedContent, author: string): void {
    if (content.status !== 'current') throw new Error(`${content.id} is ${content.status}`)
    this.user(author)
    content.version = { number: content.version.number + 1, createdAt: this.now(), authorId: author }
    this.#reindex(content)
  }

  /** Names of pages in the texts of others. Those without a space mean the one of the page that they are in. */
  #rewriteLinks(page: SimulatedContent, before: { readonly space: string; readonly title: string }): void {
    if (!this.rewritesLinks || page.type !== 'page') return
    const { key } = this.spaceOf(page)
    for (const content of this.contents.values()) {
      const own = this.spaceOf(content).key
      content.body = content.body.replaceAll(/<ri:page ([^>]*)>/g, (written, attributes: string) => {
        const space = /ri:space-key="([^"]*)"/.exec(attributes)?.[1] ?? own
        if (space !== before.space || !attributes.includes(`ri:content-title="${escaped(before.title)}"`)) return written
        const named = `ri:content-title="${escaped(page.title)}"${attributes.trimEnd().endsWith('/') ? ' /' : ''}`
        return key === own && !attributes.includes('ri:space-key') ? `<ri:page ${named}>` : `<ri:page ri:space-key="${key}" ${named}>`
      })
    }
  }

  #putAway(content: SimulatedContent, status: 'archived' | 'trashed'): void {
    if (content.status !== 'current') throw new Error(`${content.id} is ${content.status}`)
    for (const child of this.contents.values()) {
      if (!isNode(child) || child.parentId !== content.id || child.status !== 'current') continue
      child.parentId = content.parentId
      for (const page of [child, ...this.descendants(child.id)]) this.#reindex(page)
    }
    content.status = status
    const space = this.spaceOf(content)
    if (space.homepageId === content.id) space.homepageId = undefined
    for (const own of [content, ...this.attached(content.id)]) this.#reindex(own)
  }

  #purge(content: SimulatedContent): void {
    for (const other of this.contents.values()) {
      if (other.type !== 'page' && other.parentId === content.id) other.parentId = content.parentId
    }
    this.contents.delete(content.id)
    this.index.take(content.id, undefined, this.now())
  }

  #refuseTitle(spaceId: number, title: string): void {
    const taken = this.contents.values().some((other) => other.type === 'page' && other.spaceId === spaceId && other.title === title && other.status === 'current')
    if (taken) throw new Error(`there is a page "${title}" in this space already`)
  }

  #reindex(content: SimulatedContent): void {
    const container = content.containerId === undefined ? undefined : this.contents.get(content.containerId)
    const space = this.spaceOf(content)
    // Neither the trash nor what hangs on it can be searched.
    const searched = content.status !== 'trashed' && container?.status !== 'trashed'
    const entry = {
      id: content.id,
      type: content.type,
      status: container?.status === 'archived' ? 'archived' : content.status,
      spaceKey: space.key,
      spaceArchived: space.status === 'archived',
      title: content.title,
      labels: [...content.labels],
      ancestors: this.ancestors(container ?? content).map(({ id }) => id),
      parentId: content.parentId,
      containerId: content.containerId,
      lastModified: toMinute(content.version.createdAt),
      created: toMinute(content.createdAt),
    } as const
    this.index.take(content.id, searched ? entry : undefined, this.now())
  }

  #takeId(): string {
    this.#nextId += 1
    return String(this.#nextId)
  }
}

/** What can be above or below a page. */
function isNode(content: SimulatedContent): boolean {
  return content.type === 'page' || isTextless(content)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

function known<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`there is no ${what}`)
  return value
}
