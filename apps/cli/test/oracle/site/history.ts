import { SiteSimulator } from '@qdrant-loader/simulators'
import type { Block, PageContent, SiteBehaviour, SiteFault } from '@qdrant-loader/simulators'

type Random = () => number

const WORDS = 'index change vector branch page commit token query store cursor sweep guard intent lease chunk heading'.split(' ')
const FOLDERS = ['/', '/guide/', '/guide/deep/', '/api/', '/übersicht/']
const NAMES = ['start', 'install', 'notes', 'naïve', 'faq', 'upgrade']
const ENDINGS = ['', '.html', '/', '.md', '.txt']

const CONFIGS: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { exclude_paths: 'guide/deep' },
  { path_pattern: ['guide', 'api', '*.html'] },
  { sitemap: 'off' },
  { respect_robots: false },
  { selectors: { content: 'main', remove: 'h3' } },
  { max_depth: 2 },
]

/** A site whose authors and administrators do things at random, with a clock of its own. */
export class SiteHistory {
  readonly site: SiteSimulator
  /** What the user has configured beside `base_url`. */
  config: Readonly<Record<string, unknown>> = {}
  readonly #random: Random
  readonly #clock: { now: number }

  private constructor(site: SiteSimulator, random: Random, clock: { now: number }) {
    this.site = site
    this.#random = random
    this.#clock = clock
  }

  static async begin(random: Random): Promise<SiteHistory> {
    const clock = { now: Date.parse('2026-03-01T08:00:00Z') }
    const site = await SiteSimulator.start({ now: () => clock.now, ...behaviour(random) })
    const history = new SiteHistory(site, random, clock)
    site.world.createPage('/', history.#content('/'))
    for (let count = 4 + Math.floor(random() * 10); count > 0; count -= 1) history.#add()
    return history
  }

  /** Some time passes, and some things change. */
  advance(): void {
    for (let steps = 1 + Math.floor(this.#random() * 4); steps > 0; steps -= 1) {
      this.#pass()
      this.#change()
    }
    this.#pass()
  }

  /** Sometimes seconds, sometimes days. */
  #pass(): void {
    const random = this.#random()
    this.#clock.now += random < 0.3 ? 3_000 + random * 10_000 : random < 0.9 ? random * 3_600_000 : 2 * 86_400_000
  }

  /** Nothing changes for some days. */
  wait(days: number): void {
    this.#clock.now += days * 86_400_000
  }

  /** Something goes wrong until {@link SiteHistory.heal}. Says what. */
  breakDown(): string {
    const random = this.#random
    const { site } = this
    const some = new Set(site.world.paths().filter(() => random() < 0.3).map(encodeURI))
    const all = random() < 0.3
    const where = random() < 0.2 ? (path: string) => /robots|sitemap/.test(path) : (path: string) => all || some.has(path)
    const fault = pick<SiteFault>(
      [
        { kind: 'drop' },
        { kind: 'status', status: pick([500, 502, 503, 504, 520], random) },
        { kind: 'status', status: 503, retryAfter: '5' },
        { kind: 'status', status: 429, retryAfter: '2' },
        { kind: 'status', status: 401 },
        { kind: 'status', status: 403 },
        { kind: 'login-page' },
        { kind: 'refuse', how: pick(['loop', 'cookie', 'elsewhere', 'encoding'], random) },
        { kind: 'truncate', how: 'length' },
        { kind: 'truncate', how: 'chunked' },
      ],
      random,
    )
    const times = random() < 0.3 ? 1 + Math.floor(random() * 5) : Number.POSITIVE_INFINITY
    site.faults.add(fault, { route: where, times })
    if (random() < 0.2) site.faults.stay({ kind: 'truncate', how: 'silent' }, { route: (path) => path.includes('sitemap') })
    return `${JSON.stringify(fault)} at ${all ? 'every path' : [...some].join(' ')}`
  }

  /** The server is another one from now on, or the user wants something else. */
  change(): void {
    const random = this.#random
    const { site } = this
    const one = pick(Object.entries(behaviour(random)), random)
    if (random() < 0.5) Object.assign(site.behaviour, Object.fromEntries([one]))
    else this.config = pick(CONFIGS, random)
    // New behaviour comes with a new build, whose files are all of its time.
    site.world.rebuild()
    this.#pass()
  }

  heal(): void {
    this.site.faults.clear()
  }

  #change(): void {
    const changes: readonly (readonly [weight: number, change: () => void])[] = [
      [5, () => this.#add()],
      [8, () => this.#edit()],
      [4, () => this.#remove()],
      [5, () => this.#move()],
      [3, () => this.#unlink()],
      [2, () => this.#link()],
      [2, () => this.#toggleNoindex()],
      [1, () => this.#toggleNofollow()],
      [2, () => this.#setCanonical()],
      [3, () => this.site.world.rebuild()],
      [1, () => this.#swap()],
      [1, () => this.#dropRedirect()],
    ]
    let ticket = this.#random() * changes.reduce((sum, [weight]) => sum + weight, 0)
    changes.find(([weight]) => (ticket -= weight) < 0)?.[1]()
  }

  #add(): void {
    const path = this.#freePath()
    if (path === undefined) return
    this.site.world.createPage(path, this.#content(path))
    if (this.#random() < 0.9) this.#linkTo(path)
  }

  #edit(): void {
    const path = this.#anyPage()
    const { title, blocks } = this.site.world.page(path)
    const kept = [...blocks]
    if (this.#random() < 0.5) kept.splice(Math.floor(this.#random() * (kept.length + 1)), 0, this.#block())
    else kept.splice(Math.floor(this.#random() * kept.length), 1)
    this.site.world.editPage(path, { blocks: kept, title: this.#random() < 0.15 ? this.#sentence(3) : title })
  }

  #remove(): void {
    const path = this.#otherPage()
    if (path === undefined) return
    this.site.world.deletePage(path, this.#random() < 0.5 ? 404 : 410)
    if (this.#random() < 0.5) this.#unlinkAll(path)
  }

  #move(): void {
    const [from, to] = [this.#otherPage(), this.#freePath()]
    if (from === undefined || to === undefined || endingOf(from) !== endingOf(to)) return
    this.site.world.movePage(from, to, pick([301, 301, 308, 302, 410, 'none'], this.#random))
    if (this.#random() < 0.7) this.site.world.relink(from, to)
  }

  #unlink(): void {
    const path = this.#anyPage()
    const { links } = this.site.world.page(path)
    if (links.length > 0) this.site.world.editPage(path, { links: links.filter((_, index) => index !== Math.floor(this.#random() * links.length)) })
  }

  #link(): void {
    const path = this.#otherPage()
    if (path !== undefined) this.#linkTo(path)
  }

  #toggleNoindex(): void {
    const path = this.#otherPage()
    if (path === undefined || endingOf(path) !== 'html') return
    this.site.world.editPage(path, { noindex: this.site.world.page(path).noindex === true ? undefined : true })
  }

  #toggleNofollow(): void {
    const path = this.#otherPage()
    if (path === undefined || endingOf(path) !== 'html') return
    this.site.world.editPage(path, { nofollow: this.site.world.page(path).nofollow === true ? undefined : true })
  }

  /** Canonical links that lead to each other mean nothing, so a page that one leads to gets none. */
  #setCanonical(): void {
    const { world } = this.site
    const path = this.#otherPage()
    if (path === undefined || endingOf(path) !== 'html') return
    const random = this.#random()
    const target = this.#anyPage()
    const chained = world.pages().some((page) => page.canonical !== undefined && (page.path === target || page.canonical === path))
    if (world.page(path).canonical !== undefined) world.editPage(path, { canonical: undefined })
    else if (random < 0.2) world.editPage(path, { canonical: 'file:///home/build/out.html' })
    else if (random < 0.4) world.editPage(path, { canonical: 'https://elsewhere.example.com/manual' })
    else if (!chained && world.page(target).canonical === undefined) world.editPage(path, { canonical: target })
  }

  #swap(): void {
    const [one, other] = [this.#otherPage(), this.#otherPage()]
    if (one === undefined || other === undefined || one === other) return
    const { world } = this.site
    const [first, second] = [world.page(one), world.page(other)]
    world.editPage(one, { title: second.title, blocks: second.blocks })
    world.editPage(other, { title: first.title, blocks: first.blocks })
  }

  #dropRedirect(): void {
    const { world } = this.site
    const redirects = world.paths().filter((path) => world.at(path)?.kind === 'redirect')
    if (redirects.length > 0) world.deletePage(pick(redirects, this.#random), this.#random() < 0.5 ? 404 : 410)
  }

  #linkTo(path: string): void {
    const from = this.#random() < 0.4 ? '/' : this.#anyPage()
    const page = this.site.world.page(from)
    if (page.path === path || page.links.includes(path)) return
    this.site.world.editPage(from, { links: [...page.links, path] })
  }

  #unlinkAll(path: string): void {
    for (const page of this.site.world.pages()) {
      if (page.links.includes(path)) this.site.world.editPage(page.path, { links: page.links.filter((link) => link !== path) })
    }
  }

  #anyPage(): string {
    return pick(this.site.world.pages(), this.#random).path
  }

  /** Any page but the first. */
  #otherPage(): string | undefined {
    const pages = this.site.world.pages().filter(({ path }) => path !== '/')
    return pages.length === 0 ? undefined : pick(pages, this.#random).path
  }

  /** A path whose document is no other's: `/a` and `/a/` are one. Texts that stand beside a page are other texts. */
  #freePath(): string | undefined {
    const random = this.#random
    const path = pick(FOLDERS, random) + pick(NAMES, random) + Math.floor(random() * 4) + pick(ENDINGS, random)
    const taken = this.site.world.paths().some((other) => other.replace(/\/$/, '') === path.replace(/\/$/, '') && this.site.world.at(other)?.kind === 'page')
    return taken ? undefined : path
  }

  #content(path: string): PageContent {
    const random = this.#random
    const format = path.endsWith('.md') ? 'markdown' : path.endsWith('.txt') ? 'text' : 'html'
    const blocks = Array.from({ length: 1 + Math.floor(random() * 6) }, () => this.#block())
    return {
      title: this.#sentence(3),
      links: [],
      blocks,
      format,
      ...(format === 'html' && random() < 0.2 && { charset: pick(['windows-1252', 'utf-16le'] as const, random) }),
      ...(random() < 0.3 && { description: this.#sentence(5) }),
      ...(random() < 0.5 && { language: 'en' }),
      ...(random() < 0.2 && { listed: false }),
    }
  }

  #block(): Block {
    const random = this.#random
    const kind = random()
    if (kind < 0.15) return { kind: 'heading', level: random() < 0.5 ? 2 : 3, text: this.#sentence(3) }
    if (kind < 0.25) return { kind: 'code', language: 'sh', code: `${this.#sentence(3)}\n${this.#sentence(2)}` }
    if (kind < 0.35) return { kind: 'list', ordered: random() < 0.5, items: [this.#sentence(3), this.#sentence(4)], nested: [this.#sentence(2)] }
    if (kind < 0.42) return { kind: 'table', rows: [['name', 'meaning'], [this.#sentence(1), this.#sentence(3)]] }
    if (kind < 0.48) return { kind: 'note', text: `Größe: ${this.#sentence(5)}` }
    if (kind < 0.53) return { kind: 'definitions', entries: [[this.#sentence(1), this.#sentence(4)]] }
    if (kind < 0.6) return { kind: 'paragraph', text: 'A paragraph that stands on many pages, word for word.' }
    return { kind: 'paragraph', text: this.#sentence(6 + Math.floor(random() * 50)) }
  }

  #sentence(words: number): string {
    return `${Array.from({ length: words }, () => pick(WORDS, this.#random)).join(' ')}.`
  }
}

/** Pages of different formats don't change places: the ending decides how a server sends a file. */
function endingOf(path: string): string {
  return path.endsWith('.md') ? 'md' : path.endsWith('.txt') ? 'txt' : 'html'
}

function behaviour(random: Random): Partial<SiteBehaviour> {
  return {
    etag: pick(['strong', 'weak', 'random', 'off'], random),
    lastModified: pick(['on', 'off', 'now', 'zone'], random),
    churn: pick(['none', 'build', 'request'], random),
    sitemap: pick(['off', 'off', 'plain', 'index', 'gzip', 'elsewhere'], random),
    lastmod: pick(['off', 'honest', 'honest', 'zone', 'day', 'rebuilt', 'stale'], random),
    robots: pick(['off', { sitemap: true }, { disallow: ['/private'] }], random),
    softNotFound: random() < 0.3,
    twins: pick(['none', 'none', 'markdown', 'sources', 'bare', 'print', 'llms'], random),
    deadLinks: pick([0, 0, 3], random),
    redirects: pick(['off', 'off', 'endless', 'circle'], random),
    markup: pick(['plain', 'plain', 'furniture', 'numbered'], random),
    compress: random() < 0.5,
  }
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)] as Item
}
