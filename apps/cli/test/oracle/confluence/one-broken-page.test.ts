import { ConfluenceSimulator, generateConfluence } from '@qdrant-loader/simulators'
import type { BrokenIn } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEffectsWorld } from '../../effects/command-line.ts'
import type { EffectsWorld } from '../../effects/command-line.ts'

const PAGES = 130
const BROKEN = 'Page 77'

let world: EffectsWorld
let server: ConfluenceSimulator

describe.each(['cloud', 'datacenter'] as const)(`%s: one of ${PAGES} pages cannot be shown`, (deployment) => {
  let usual = 0
  beforeEach(async () => {
    world = createEffectsWorld()
    server = await ConfluenceSimulator.start({ deployment })
    generateConfluence(server.world, { pages: PAGES })
    configure()
  })
  afterEach(() => server.close())

  function configure(more = ''): void {
    const account = deployment === 'cloud' ? `email: ${server.email}, ` : ''
    world.configure(`global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
  retry: { attempts: 2, delay: 10ms }
sources:
  confluence:
    team: { deployment_type: ${deployment}, base_url: "${server.url}", space_key: DOCS, ${account}token: ${server.token}${more} }
`)
  }

  function pageOf(title: string) {
    const page = server.world.contents.values().find((content) => content.title === title)
    if (!page) throw new Error(`there is no ${title}`)
    return page
  }

  async function sync(...words: readonly string[]) {
    server.resetCounters()
    const report = await world.json(['sync', ...words])
    return { report, requests: server.requestCount }
  }

  /** What a run without trouble takes, in another place. */
  async function healthy(): Promise<number> {
    if (usual > 0) return usual
    const [before, other] = [world, createEffectsWorld()]
    world = other
    configure()
    const { report, requests } = await sync()
    expect(report).toMatchObject({ code: 0, totals: { documents: { added: PAGES, failed: 0 } } })
    world = before
    usual = requests
    return requests
  }

  const PLACES: readonly (readonly BrokenIn[])[] = [
    ['text'],
    ['listing'],
    ['listing', 'text'],
    ['search', 'text'],
    // Cloud's listing has no positions, so one that fails is replaced by what the search finds.
    ...(deployment === 'datacenter' ? [['listing', 'search', 'text'], ['listing', 'search', 'text', 'bare']] as const : [['listing', 'text', 'bare']] as const),
  ]

  it.each(PLACES.map((places) => [places.join(', '), places] as const))('C3: in each answer with its %s: it alone fails, at few requests more, and heals', async (_what, places) => {
    const usual = await healthy()
    const { id } = pageOf(BROKEN)
    server.broken.add(id, { in: places })
    const first = await sync()
    // What a search can show of a page is as good as a listing.
    const readable = !places.includes('text')
    expect(first.report).toMatchObject({ code: readable ? 0 : 5, totals: { documents: { added: readable ? PAGES : PAGES - 1, failed: readable ? 0 : 1, deleted: 0 } } })
    expect(first.requests).toBeLessThanOrEqual(1.5 * usual + 20)
    const { failures } = await world.json(['failures'])
    if (!readable) {
      expect(failures).toHaveLength(1)
      if (!places.includes('bare') || deployment === 'cloud') expect(failures[0]).toMatchObject({ document_id: id })
    } else expect(failures).toEqual([])

    const second = await sync()
    expect(second.report).toMatchObject({ code: readable ? 0 : 5, totals: { documents: { deleted: 0 } } })
    server.broken.mend(id)
    const healed = await sync()
    expect(healed.report).toMatchObject({ code: 0, totals: { documents: { added: readable ? 0 : 1, failed: 0, deleted: 0 } } })
    expect((await world.json(['failures'])).failures).toEqual([])
    expect((await world.points()).filter(({ payload }) => payload.document_id === id)).not.toEqual([])
    expect((await sync('--full')).report).toMatchObject({ code: 0, totals: { documents: { unchanged: PAGES, deleted: 0 } } })
  })

  it('C3: a page that is held breaks each answer that holds it: nothing is deleted, and the others follow', async () => {
    await sync()
    const [broken, edited, trashed] = [pageOf(BROKEN), pageOf('Page 5'), pageOf('Page 120')]
    server.world.edit(broken.id, '<p>broken</p>')
    server.world.edit(edited.id, '<p>edited meanwhile</p>')
    server.world.trash(trashed.id)
    server.broken.add(broken.id, deployment === 'cloud' ? { in: ['text', 'listing', 'bare'] } : {})
    const { report } = await sync('--full')
    expect(report).toMatchObject({ code: 5, totals: { documents: { updated: 1, failed: 1 } } })
    const held = await world.documents()
    expect(held).toContain(broken.id)
    expect((await world.json(['failures'])).failures).toMatchObject([{ document_id: broken.id }])
    server.broken.mend(broken.id)
    expect((await sync()).report).toMatchObject({ code: 0 })
    await sync('--full')
    expect(await world.documents()).not.toContain(trashed.id)
    expect((await world.points()).find(({ payload }) => payload.document_id === broken.id)?.payload.content).toContain('broken')
  })

  it('C3: a page with which no answer comes (a time-out): it alone fails', async () => {
    configure(', request_timeout: 400ms')
    server.broken.add(pageOf(BROKEN).id, { in: ['text'], how: 'hangs' })
    expect((await sync()).report).toMatchObject({ code: 5, totals: { documents: { added: PAGES - 1, failed: 1 } } })
  })

  it('C7: a server that takes longer than the time-out for many texts at once is read in smaller parts', async () => {
    configure(', request_timeout: 500ms')
    server.slowness = { perText: 40 }
    expect((await sync()).report).toMatchObject({ code: 0, totals: { documents: { added: PAGES, failed: 0 } } })
  })

  it.each([['from the first request on', 0], ['in the middle', 4]])('the server is down %s: few requests, exit 4, nothing deleted', async (_when, after) => {
    await sync()
    const held = await world.documents()
    for (const words of [[], ['--full']]) {
      server.faults.stay({ kind: 'status', status: 503 }, { after: words.length === 0 ? 0 : after })
      const { report, requests } = await sync(...words)
      server.faults.clear()
      expect(report).toMatchObject({ code: 4, totals: { documents: { deleted: 0 } } })
      expect(requests).toBeLessThanOrEqual(30)
    }
    expect(await world.documents()).toEqual(held)
  })
})
