import { generateSite, SiteSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createUserWorld } from './user-world.ts'
import type { UserWorld } from './user-world.ts'

// Each test starts the command several times.
vi.setConfig({ testTimeout: 180_000 })

let site: SiteSimulator
let world: UserWorld

beforeEach(async () => {
  site = await SiteSimulator.start({ churn: 'build', robots: { sitemap: true }, sitemap: 'plain' })
  generateSite(site.world, 40)
  world = createUserWorld()
  world.configure(`global:
  embedding: { provider: hash, dimensions: 32 }
  state_management: { database_path: ./state.db }
sources:
  public-docs:
    manual: { base_url: "${site.url}/", allow_private_networks: true, requests_per_minute: 60000 }
`)
})

afterEach(() => site.close())

interface Report {
  readonly status: string
  readonly totals: { readonly documents: Record<string, number>; readonly chunks: Record<string, number>; readonly points: Record<string, number> }
}

async function sync(): Promise<Report & { code: number | null }> {
  const { code, stdout } = await world.run(['sync', '--json'])
  return { code, ...(JSON.parse(stdout) as Report) }
}

const PAGES = 1 + 2 + 40

test('a manual is read, followed through edits, moves and deletions, and found again', async () => {
  expect(JSON.parse((await world.run(['plan', '--json'])).stdout)).toMatchObject({ dry_run: true, totals: { documents: { added: PAGES } } })
  expect(await sync()).toMatchObject({ code: 0, status: 'succeeded', totals: { documents: { added: PAGES } } })

  site.world.rebuild()
  expect(await sync()).toMatchObject({
    code: 0,
    totals: { documents: { unchanged: PAGES }, chunks: { embedded: 0 }, points: { upserted: 0, payload_updated: 0, deleted: 0 } },
  })

  site.world.editPage('/section-0/page-1.html', { blocks: [{ kind: 'paragraph', text: 'A sentence about zeppelins.' }] })
  site.world.movePage('/section-0/page-2.html', '/section-0/second.html', 301)
  site.world.deletePage('/section-0/page-3.html', 410)
  expect(await sync()).toMatchObject({ code: 0, totals: { documents: { updated: 1, moved: 1, deleted: 1 }, chunks: { embedded: 1 } } })

  const found = JSON.parse((await world.run(['search', 'zeppelins', '--json', '--mode', 'keyword'])).stdout) as object
  expect(found).toMatchObject({ results: [{ document_id: `${site.url}/section-0/page-1.html`, title: 'Page 1' }] })
  expect((await world.run(['doctor'])).code).toBe(0)
})

test('a site that is down ends with status 4 and deletes nothing; a page that is down with status 5', async () => {
  await sync()
  const before = await world.exported()
  site.breakOff(0)
  expect(await sync()).toMatchObject({ code: 4, status: 'failed' })
  site.faults.clear()
  site.faults.stay({ kind: 'status', status: 500 }, { route: '/section-0/page-1.html' })
  expect(await sync()).toMatchObject({ code: 5, status: 'partial', totals: { documents: { failed: 1, deleted: 0 } } })
  expect(await world.exported()).toEqual(before)
})

test('a manual that lost most of its pages is held with status 6', async () => {
  await sync()
  for (let number = 0; number < 30; number += 1) site.world.deletePage(`/section-${Math.floor(number / 20)}/page-${number}.html`, 410)
  expect(await sync()).toMatchObject({ code: 6, status: 'held', totals: { documents: { held: 30, deleted: 0 } } })
  expect((await world.run(['sync', '--allow-mass-delete'])).code).toBe(0)
  expect(await sync()).toMatchObject({ totals: { documents: { unchanged: PAGES - 30 } } })
})
