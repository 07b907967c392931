import { ConfluenceSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEffectsWorld } from '../../effects/command-line.ts'
import type { EffectsWorld } from '../../effects/command-line.ts'

const FILES = { cloud: '/attachments', datacenter: '/child/{type}' } as const
const PEOPLE = { cloud: '/users-bulk', datacenter: '/user' } as const
const PAGES = 12

let world: EffectsWorld
let server: ConfluenceSimulator

describe.each(['cloud', 'datacenter'] as const)('%s: something is broken that is no page', (deployment) => {
  beforeEach(async () => {
    world = createEffectsWorld()
    server = await ConfluenceSimulator.start({ deployment })
    for (const key of ['DOCS', 'OPS']) {
      server.world.createSpace({ key, name: key })
      for (let number = 0; number < PAGES; number += 1) page(`Page ${number}`, key)
    }
    const account = deployment === 'cloud' ? `email: ${server.email}, ` : ''
    world.configure(`global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
  retry: { attempts: 2, delay: 10ms }
sources:
  confluence:
    team: { deployment_type: ${deployment}, base_url: "${server.url}", space_key: [DOCS, OPS], include_comments: true, ${account}token: ${server.token} }
`)
  })
  afterEach(() => server.close())

  function page(title: string, space = 'DOCS', body = `<p>${title} of ${space}</p>`): string {
    return server.world.createPage({ space, title, body }).id
  }

  function withFiles(): string {
    const id = page('Many files')
    for (let number = 0; number < 30; number += 1) server.world.addAttachment(id, `file-${number}.pdf`)
    return id
  }

  function failing(route: string, after = 0): void {
    server.faults.stay({ kind: 'status', status: 500 }, { route, after })
  }

  async function sync(...words: readonly string[]) {
    server.resetCounters()
    const report = await world.json(['sync', ...words])
    return { report, requests: server.requestCount }
  }

  it('C3: a page whose files cannot be listed fails alone, at few requests more, and heals', async () => {
    const id = withFiles()
    failing(FILES[deployment])
    const { report, requests } = await sync()
    expect(report).toMatchObject({ code: 5, totals: { documents: { added: 2 * PAGES, failed: 1, deleted: 0 } } })
    expect((await world.json(['failures'])).failures).toMatchObject([{ document_id: id }])
    server.faults.clear()
    expect((await sync()).report).toMatchObject({ code: 0, totals: { documents: { added: 1, failed: 0, deleted: 0 } } })
    const healthy = await sync('--full')
    expect(healthy.report).toMatchObject({ code: 0, totals: { documents: { deleted: 0 } } })
    expect(requests).toBeLessThanOrEqual(1.5 * healthy.requests + 20)
  })

  it('C3: an edit of a page whose files cannot be listed keeps what is indexed, and others go on', async () => {
    const id = withFiles()
    await sync()
    server.world.edit(id, '<p>edited</p>')
    page('New')
    failing(FILES[deployment])
    for (const words of [[], ['--full']]) {
      expect((await sync(...words)).report).toMatchObject({ code: 5, totals: { documents: { failed: 1, deleted: 0 } } })
    }
    expect(await world.documents()).toHaveLength(2 * PAGES + 2)
    server.faults.clear()
    expect((await sync()).report).toMatchObject({ code: 0 })
    expect((await world.points()).find(({ payload }) => payload.document_id === id)?.payload.content).toContain('edited')
  })

  it('C3: people who cannot be shown stop nothing', async () => {
    page('Mention', 'DOCS', '<p>By <ac:link><ri:user ri:account-id="someone" ri:userkey="someone"/></ac:link></p>')
    // Data Center tells first who we are.
    failing(PEOPLE[deployment], deployment === 'cloud' ? 0 : 1)
    expect((await sync()).report).toMatchObject({ code: 0, totals: { documents: { added: 2 * PAGES + 1, failed: 0 } } })
  })

  it('C3: a space that cannot be listed is left out, nothing of it is deleted, and the other one is read', async () => {
    await sync()
    const held = await world.documents()
    for (const content of server.world.contents.values()) if (content.title.startsWith('Page') && content.body.includes('OPS')) server.broken.add(content.id, { in: ['listing'] })
    page('New')
    const { report } = await sync('--full')
    expect(report).toMatchObject({ totals: { documents: { added: 1, deleted: 0 } } })
    expect(await world.documents()).toHaveLength(held.length + 1)
    for (const content of server.world.contents.values()) server.broken.mend(content.id)
    expect((await sync()).report).toMatchObject({ code: 0, totals: { documents: { deleted: 0 } } })
  })

  // Cloud answers these routes otherwise.
  if (deployment === 'cloud') return

  it('C3: a space that the list of spaces cannot show is left out, and the other one is read', async () => {
    await sync()
    page('New')
    // Both spaces, the probe, both spaces again, the first one, the second one.
    for (const after of [0, 2, 4]) server.faults.add({ kind: 'status', status: 500 }, { route: '/space', after })
    const { report } = await sync('--full')
    expect(report).toMatchObject({ code: 3, totals: { documents: { added: 1, deleted: 0, failed: 0 } } })
    expect(server.faults.pending).toBe(0)
    expect((await sync()).report).toMatchObject({ code: 0, totals: { documents: { deleted: 0 } } })
  })

  it('C3: pages and comments that are refused when they are asked for alone (403) stop nothing, and are not deleted', async () => {
    const hidden = page('Hidden')
    const open = page('Open')
    const comment = server.world.addComment(open, '<p>remark</p>').id
    await sync()
    page('New')
    server.world.hide(hidden)
    server.world.hide(comment)
    server.faults.stay({ kind: 'status', status: 403 }, { route: '/content/{id}' })
    const { report } = await sync('--full')
    expect(report).toMatchObject({ code: 0, totals: { documents: { added: 1, deleted: 0, failed: 0 } } })
  })
})
