import type { BrokenIn, ConfluenceSimulator, ConfluenceWorld, SimulatedContent, SpaceAccess } from '@qdrant-loader/simulators'

type Random = () => number

const WORDS = 'index change vector branch page commit token query store cursor sweep guard intent lease chunk heading'.split(' ')
const LABELS = ['guide', 'private', 'howto', 'old']
/** What can stand above pages on Cloud, and is none. */
const NODES = ['folder', 'whiteboard', 'database', 'embed'] as const
/** Not among the spaces that are read: what moves there is out of scope. */
const OUT = 'OUT'
const MINUTE = 60_000

/** What a history needs to know beside the world. */
export interface HistoryOptions {
  readonly random: Random
  /** Shared with the simulator, the connector and the host. */
  readonly clock: { now: number }
  /** Keys of the spaces that are read. */
  readonly spaces: readonly string[]
  /** Whether people, too, change their names. */
  readonly people: boolean
}

/** Random changes of a simulated Confluence, and the lines of text that each content holds now. */
export class ConfluenceHistory {
  /** Pieces of text that a reader sees, by content id. */
  readonly lines = new Map<string, readonly string[]>()
  /** Keys of the spaces that were archived at some time. */
  readonly archived = new Set<string>()
  /** The page of each comment that ever was, by the comment's document. */
  readonly pageOf = new Map<string, string>()
  /** How often what the account sees of a space has changed. */
  spacesChanged = 0
  readonly #world: ConfluenceWorld
  readonly #options: HistoryOptions
  readonly #spaces: readonly string[]
  readonly #broken = new Set<string>()
  /** Pages that were put away or hidden at some time, or stood elsewhere. */
  readonly #unsteady = new Set<string>()
  #serial = 0

  constructor(simulator: ConfluenceSimulator, options: HistoryOptions) {
    this.#world = simulator.world
    this.#options = options
    this.#spaces = [...options.spaces, OUT]
    this.#world.createUser({ id: 'user-2', username: 'grace', displayName: 'Grace Hopper' })
    for (const key of this.#spaces) this.#world.createSpace({ key, name: `Space ${key}` })
    for (let number = 8 + this.#below(20); number > 0; number -= 1) this.#createPage(number % 5 === 0 ? OUT : this.#pick(options.spaces))
  }

  /** A few changes, with time in between. */
  advance(count = 1 + this.#below(6)): void {
    for (let index = 0; index < count; index += 1) this.step()
  }

  /** One change. */
  step(): void {
    const changes = this.#changes()
    this.#options.clock.now += this.#below(40 * MINUTE)
    let ticket = this.#options.random() * changes.reduce((sum, [weight]) => sum + weight, 0)
    const [, change] = changes.find(([weight]) => (ticket -= weight) < 0) ?? [1, () => {}]
    change()
  }

  /** A page or blog post goes to the trash, and a new one comes. */
  putAway(): void {
    this.#with(this.#removable(), (page) => this.#world.trash(this.#unseen(page).id))
    this.#createPage()
  }

  /** A page, a blog post or a comment makes some of the answers fail that hold it, until it is mended. */
  breakOne({ broken }: ConfluenceSimulator): void {
    const places = (['text', 'listing', 'search', 'bare'] as const satisfies readonly BrokenIn[]).filter(() => this.#options.random() < 0.5)
    this.#with([...this.#current(), ...this.#comments()], ({ id }) => {
      broken.add(id, { in: places })
      this.#broken.add(id)
    })
  }

  mendAll({ broken }: ConfluenceSimulator): void {
    for (const id of this.#broken) broken.mend(id)
    this.#broken.clear()
  }

  /** Everything that was taken from the account's sight as a whole is back. */
  regainSpaces(): void {
    for (const key of this.#options.spaces) this.#world.setAccess(key, 'readable')
  }

  seesAllSpaces(): boolean {
    return this.#options.spaces.every((key) => this.#world.space(key).access === 'readable')
  }

  #changes(): readonly (readonly [weight: number, change: () => void])[] {
    const cloud = this.#world.deployment === 'cloud'
    return [
      [7, () => this.#createPage()],
      [2, () => this.#createBlogPost()],
      [7, () => this.#edit()],
      [3, () => this.#with(this.#current(), (content) => this.#renamed(content))],
      [4, () => this.#move()],
      [cloud ? 1 : 0, () => this.#createNode()],
      [cloud ? 2 : 0, () => this.#with(this.#removable(), (page) => page.type === 'page' && this.#world.archivePage(this.#unseen(page).id))],
      [3, () => this.#with(this.#removable(), (page) => this.#world.trash(this.#unseen(page).id))],
      [4, () => this.#with(this.#all(({ status, type }) => status !== 'current' && (type === 'page' || type === 'blogpost')), (page) => this.#world.restore(page.id))],
      [1, () => this.#with(this.#all(({ status }) => status === 'trashed'), (page) => this.#world.purge(page.id))],
      [2, () => this.#with(this.#removable(), (page) => this.#world.hide(this.#unseen(page).id))],
      [3, () => this.#with(this.#all(({ hidden }) => hidden), (page) => this.#world.hide(page.id, false))],
      [3, () => this.#with(this.#current(), (page) => this.#world.setLabels(page.id, this.#labels()))],
      [4, () => this.#comment()],
      [2, () => this.#with(this.#comments(), (comment) => this.#write(comment.id, this.#paragraphs(1)))],
      [1, () => this.#with(this.#comments(), (comment) => this.#world.trash(comment.id))],
      [3, () => this.#with(this.#current(), (page) => this.#attach(page.id))],
      [1, () => this.#with(this.#files(), (file) => this.#world.rename(file.id, `${this.#serial += 1} renamed.pdf`))],
      [1, () => this.#with(this.#files(), (file) => this.#world.trash(file.id))],
      [this.#options.people ? 1 : 0, () => void (this.#world.user('user-2').displayName = `Grace ${this.#serial += 1}`)],
      [1, () => this.#access(this.#pick(['hidden', 'forbidden', 'empty', 'readable', 'readable', 'readable']))],
      [cloud ? 1 : 0, () => this.#with(this.#folders(), (folder) => this.#world.rename(folder.id, this.#title()))],
      [1, () => this.#archive(this.#pick(this.#options.spaces))],
    ]
  }

  #createPage(space = this.#pick(this.#spaces)): void {
    const { body, lines } = this.#body()
    const parent = this.#pick([...this.#nodes(space).map(({ id }) => id), null])
    const page = this.#world.createPage({ space, title: this.#title(), body, parent, labels: this.#labels(), author: this.#author() })
    this.lines.set(page.id, lines)
  }

  /** Something that pages can stand below, and that is none. */
  #createNode(): void {
    const space = this.#pick(this.#spaces)
    const parent = this.#pick([...this.#nodes(space).map(({ id }) => id), null])
    this.#world.createNode(this.#pick(['folder', 'folder', ...NODES]), { space, title: this.#title(), parent })
  }

  #createBlogPost(): void {
    const { body, lines } = this.#body()
    const post = this.#world.createBlogPost({ space: this.#pick(this.#spaces), title: this.#title(), body, labels: this.#labels(), author: this.#author() })
    this.lines.set(post.id, lines)
  }

  #edit(): void {
    this.#with(this.#current(), (content) => this.#write(content.id, this.#body()))
  }

  #write(id: string, { body, lines }: Text): void {
    this.#world.edit(id, body, this.#author())
    this.lines.set(id, lines)
  }

  #move(): void {
    this.#with([...this.#removable().filter(({ type }) => type === 'page'), ...this.#folders()], (page) => {
      const space = this.#options.random() < 0.6 ? this.#world.spaceOf(page).key : this.#pick(this.#spaces)
      const below = new Set(this.#world.descendants(page.id).map(({ id }) => id))
      const parents = this.#nodes(space).filter(({ id }) => id !== page.id && !below.has(id))
      this.#unlessUnread(page, () => this.#world.movePage(page.id, { space, parent: this.#pick([...parents.map(({ id }) => id), null]) }))
    })
  }

  #renamed(content: SimulatedContent): void {
    this.#unlessUnread(content, () => this.#world.rename(content.id, this.#title()))
  }

  /**
   * Nobody can tell without a version that texts were written anew because of a page that is in no space that is read, or
   * that could not be seen for a while.
   */
  #unlessUnread(content: SimulatedContent, act: () => void): void {
    const before = this.#world.rewritesLinks
    this.#world.rewritesLinks &&= [content, ...this.#world.descendants(content.id)].every((page) => this.#isSteady(page))
    act()
    this.#world.rewritesLinks = before
  }

  /** Whether a page could not be seen at some time. */
  wasUnseen(id: string): boolean {
    return this.#unsteady.has(id)
  }

  #isSteady(content: SimulatedContent): boolean {
    if (this.#world.spaceOf(content).key === OUT) this.#unsteady.add(content.id)
    return ![content, ...this.#world.ancestors(content)].some(({ id }) => this.#unsteady.has(id))
  }

  /** Something is out of sight from now on, and what is below it. */
  #unseen(content: SimulatedContent): SimulatedContent {
    for (const { id } of [content, ...this.#world.descendants(content.id)]) this.#unsteady.add(id)
    return content
  }

  #comment(): void {
    const { body, lines } = this.#paragraphs(1)
    this.#with([...this.#current(), ...this.#comments()], (on) => {
      const selection = this.#options.random() < 0.4 ? { selection: 'token query' } : {}
      const comment = this.#world.addComment(on.id, body, { ...selection, author: this.#author() })
      this.lines.set(comment.id, lines)
      this.pageOf.set(`comment/${comment.id}`, comment.containerId ?? '')
    })
  }

  /** Now and then more files at once than a listing shows of a page. */
  #attach(page: string): void {
    const count = this.#options.random() < 0.1 ? 27 : 1
    for (let file = 0; file < count; file += 1) this.#world.addAttachment(page, `${this.#serial += 1} plan.pdf`)
  }

  #access(access: SpaceAccess): void {
    this.#world.setAccess(this.#pick(this.#options.spaces), access)
    this.spacesChanged += 1
  }

  #archive(space: string): void {
    const archived = this.#world.space(space).status === 'current'
    this.#world.archiveSpace(space, archived)
    if (archived) this.archived.add(space)
  }

  #folders(): SimulatedContent[] {
    return this.#all(isNode)
  }

  #files(): SimulatedContent[] {
    return this.#all(({ type, containerId }) => type === 'attachment' && this.#world.content(containerId ?? '').status === 'current')
  }

  #all(fits: (content: SimulatedContent) => boolean): SimulatedContent[] {
    return this.#world.contents.values().filter((content) => fits(content)).toArray()
  }

  /** Pages and blog posts that are neither put away nor hidden by themselves. */
  #current(): SimulatedContent[] {
    return this.#all(({ type, status }) => (type === 'page' || type === 'blogpost') && status === 'current')
  }

  /** What a page of this space can be put under. */
  #nodes(space: string): SimulatedContent[] {
    return this.#all((content) =>
      (content.type === 'page' || isNode(content)) && content.status === 'current' && this.#world.spaceOf(content).key === space)
  }

  #removable(): SimulatedContent[] {
    const homes = new Set(this.#world.spaces.values().map(({ homepageId }) => homepageId))
    return this.#current().filter(({ id }) => !homes.has(id))
  }

  #comments(): SimulatedContent[] {
    return this.#all(({ type, containerId }) => type === 'comment' && this.#world.content(containerId ?? '').status === 'current')
  }

  #with(contents: readonly SimulatedContent[], change: (content: SimulatedContent) => unknown): void {
    if (contents.length > 0) change(this.#pick(contents))
  }

  #title(): string {
    this.#serial += 1
    return `${this.#pick(WORDS)} "${this.#pick(WORDS)}" & Übung ${this.#serial}`
  }

  #labels(): string[] {
    return LABELS.filter(() => this.#options.random() < 0.2)
  }

  #author(): string {
    return this.#pick(['user-1', 'user-2'])
  }

  #body(): Text {
    if (this.#options.random() < 0.05) return { body: '', lines: [] }
    const blocks = Array.from({ length: 1 + this.#below(5) }, () => this.#block())
    return { body: blocks.map(({ body }) => body).join(''), lines: blocks.flatMap(({ lines }) => lines) }
  }

  #block(): Text {
    const [one, two] = [this.#sentence(3), this.#sentence(12 + this.#below(50))]
    const kinds: readonly Text[] = [
      { body: `<h2>${one}</h2><p>${two}</p>`, lines: [one, two] },
      { body: `<table><tbody><tr><th>${one}</th></tr><tr><td><p>${two}</p></td></tr></tbody></table>`, lines: [one, two] },
      { body: `<ul><li>${one}</li><li>${two}</li></ul>`, lines: [one, two] },
      { body: `<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[${one}\n${two}]]></ac:plain-text-body></ac:structured-macro>`, lines: [one, two] },
      { body: `<ac:structured-macro ac:name="info"><ac:rich-text-body><p>${two}</p></ac:rich-text-body></ac:structured-macro>`, lines: [two] },
      { body: `<ac:structured-macro ac:name="unheard-of"><ac:rich-text-body><p>${two}</p></ac:rich-text-body></ac:structured-macro>`, lines: [two] },
      { body: `<p>${one} <ac:link><ri:user ${this.#userAttribute()}="user-2" /></ac:link></p>`, lines: [one] },
      { body: `<p>A paragraph that stands on many pages.</p>`, lines: ['A paragraph that stands on many pages.'] },
      { body: `<p>${one}</p>${this.#include()}`, lines: [one] },
      { body: `<p>${one}</p>${this.#include(false)}`, lines: [one] },
      { body: `<p>${one} <ac:link>${this.#named(true)}</ac:link> <ac:link>${this.#named(false)}</ac:link></p>`, lines: [one] },
    ]
    return this.#pick(kinds)
  }

  /** Another page in the place of a macro; its text is in no line of this page, since it changes with that page. */
  #include(withSpace = true): string {
    return `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link>${this.#named(withSpace)}</ac:link></ac:parameter></ac:structured-macro>`
  }

  /** A page by its title; without its space, the one of the page that names it is meant. */
  #named(withSpace: boolean): string {
    const pages = this.#current().filter(({ type }) => type === 'page')
    const page = pages.length === 0 ? undefined : this.#pick(pages)
    const space = page === undefined ? 'DEV' : this.#world.spaceOf(page).key
    return `<ri:page ${withSpace ? `ri:space-key="${space}" ` : ''}ri:content-title="${escaped(page?.title ?? 'Nowhere')}" />`
  }

  #userAttribute(): string {
    return this.#world.deployment === 'cloud' ? 'ri:account-id' : 'ri:userkey'
  }

  #paragraphs(count: number): Text {
    const lines = Array.from({ length: count }, () => this.#sentence(8))
    return { body: lines.map((line) => `<p>${line}</p>`).join(''), lines }
  }

  #sentence(words: number): string {
    this.#serial += 1
    return `${Array.from({ length: words }, () => this.#pick(WORDS)).join(' ')} ${this.#serial}.`
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#below(items.length)] as Item
  }

  #below(limit: number): number {
    return Math.floor(this.#options.random() * limit)
  }
}

function isNode({ type }: SimulatedContent): boolean {
  return NODES.some((node) => node === type)
}

interface Text {
  readonly body: string
  readonly lines: readonly string[]
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}
