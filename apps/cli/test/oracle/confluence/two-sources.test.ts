import { ConfluenceSimulator } from '@qdrant-loader/simulators'
import { describe, expect, it, vi } from 'vitest'
import { createEffectsWorld, type Point } from '../../effects/command-line.ts'

vi.setConfig({ testTimeout: 60_000 })

const GLOBAL = `global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
`

/** What is in the collection, by project and source: titles and texts. */
type Held = Readonly<Record<string, readonly string[]>>

describe.each(['cloud', 'datacenter'] as const)('%s: sources that read the same space (I9)', (deployment) => {
  it('of one collection, and of two projects, never touch each other', async () => {
    await using server = await ConfluenceSimulator.start({ deployment })
    const page = (space: string, title: string) => server.world.createPage({ space, title, body: `<p>${title}, as it was.</p>` }).id
    for (const key of ['DEV', 'OPS']) server.world.createSpace({ key, homepage: false })
    const [first, second] = [page('DEV', 'One'), page('DEV', 'Two')]
    page('OPS', 'Ops')

    const world = createEffectsWorld()
    const source = (spaces: string) =>
      `{ deployment_type: ${deployment}, base_url: "${server.url}", ${deployment === 'cloud' ? `email: ${server.email}, ` : ''}token: ${server.token}, space_key: ${spaces} }`
    const configure = (ofDefault: Readonly<Record<string, string>>) => {
      const lines = Object.entries(ofDefault).map(([name, spaces]) => `    ${name}: ${source(spaces)}\n`)
      world.configure(`${GLOBAL}sources:\n  confluence:\n${lines.join('')}projects:\n  second:\n    sources:\n      confluence:\n        docs: ${source('DEV')}\n`)
    }
    const sync = async (...words: string[]) => expect(await world.json(['sync', ...words])).toMatchObject({ code: 0, status: 'succeeded' })

    configure({ docs: 'DEV', both: '[DEV, OPS]' })
    await sync()
    const [one, two, ops] = ['One', 'Two', 'Ops'].map((title) => `${title}: ${title}, as it was.`) as [string, string, string]
    expect(held(await world.points())).toEqual({ 'default/both': [one, ops, two].toSorted(), 'default/docs': [one, two], 'second/docs': [one, two] })

    server.world.trash(first)
    server.world.edit(second, '<p>Edited.</p>')
    await sync('--full', '--project', 'default', '--source', 'docs', '--allow-mass-delete')
    expect(held(await world.points())).toEqual({ 'default/both': [one, ops, two].toSorted(), 'default/docs': ['Two: Edited.'], 'second/docs': [one, two] })
    await sync('--full', '--allow-mass-delete')
    expect(held(await world.points())).toEqual({ 'default/both': [ops, 'Two: Edited.'], 'default/docs': ['Two: Edited.'], 'second/docs': ['Two: Edited.'] })

    // A source that is taken out of the configuration is left as it is, and so are the others.
    configure({ both: '[DEV, OPS]' })
    server.world.edit(second, '<p>Edited again.</p>')
    await sync('--full')
    const after = { 'default/both': [ops, 'Two: Edited again.'], 'second/docs': ['Two: Edited again.'] }
    expect(held(await world.points())).toEqual({ ...after, 'default/docs': ['Two: Edited.'] })

    // A space that is taken out of a source leaves that source alone.
    configure({ both: 'OPS' })
    await sync('--allow-mass-delete')
    expect(held(await world.points())).toEqual({ 'default/both': [ops], 'default/docs': ['Two: Edited.'], 'second/docs': ['Two: Edited again.'] })

    configure({ docs: 'DEV', both: 'OPS' })
    await sync()
    const points = await world.points()
    expect(held(points)).toEqual({ 'default/both': [ops], 'default/docs': ['Two: Edited again.'], 'second/docs': ['Two: Edited again.'] })
    const ids = points.map((point) => (point as unknown as { readonly id: string }).id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(await world.run(['verify'])).toMatchObject({ code: 0 })
    expect(server.violations).toEqual([])
  })
})

function held(points: readonly Point[]): Held {
  const held: Record<string, string[]> = {}
  for (const { payload } of points) {
    const { title } = payload as unknown as { readonly title: string }
    ;(held[`${payload.project_id}/${payload.source}`] ??= []).push(`${title}: ${payload.content}`)
  }
  for (const titles of Object.values(held)) titles.sort()
  return held
}
