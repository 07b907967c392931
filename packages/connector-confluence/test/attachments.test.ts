import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, HOUR, Stage } from './stage.ts'

/** More than an answer shows inside of a page. */
const MANY = 30

describe.each(DEPLOYMENTS)('%s: attached files', (deployment) => {
  it('are listed with their addresses, whether the text names them or not', async () => {
    await using stage = await Stage.open(deployment, { include_comments: true })
    const page = stage.page('One', '<p><ac:image><ri:attachment ri:filename="b plan.png" /></ac:image></p>')
    const post = stage.world.createBlogPost({ space: 'DEV', title: 'News', body: '<p>news</p>' }).id
    const comment = stage.world.addComment(page, '<p>a remark</p>').id
    for (const name of ['b plan.png', 'a.pdf']) stage.world.addAttachment(page, name)
    stage.world.addAttachment(post, 'news.pdf')
    await stage.sync()
    const at = (id: string, name: string) => ({ name: decodeURIComponent(name), url: `${stage.server.url}/download/attachments/${id}/${name}` })
    expect(attachments(stage, page)).toEqual([at(page, 'a.pdf'), at(page, 'b%20plan.png')])
    expect(attachments(stage, post)).toEqual([at(post, 'news.pdf')])
    expect(attachments(stage, `comment/${comment}`)).toBeUndefined()
    expect(attachments(stage, stage.world.space('DEV').homepageId ?? '')).toBeUndefined()
    expect(stage.text(page)).toContain(`${stage.server.url}/download/attachments/${page}/b%20plan.png`)
  })

  it('a listing sees files that come, go and get other names, and reads no body for them', async () => {
    await using stage = await Stage.open(deployment)
    const page = stage.page('One', '<p>one</p>')
    const other = stage.page('Two', '<p>two</p>')
    const file = stage.world.addAttachment(page, 'old.pdf').id
    await stage.sync()
    const steps: [() => void, string[]][] = [
      [() => stage.world.addAttachment(page, 'more.pdf'), ['more.pdf', 'old.pdf']],
      [() => stage.world.rename(file, 'new.pdf'), ['more.pdf', 'new.pdf']],
      [() => stage.world.trash(file), ['more.pdf']],
    ]
    for (const [change, names] of steps) {
      stage.clock.now += 100 * HOUR
      change()
      const { described, loaded, requests } = await stage.sweep()
      expect({ described, loaded, content: requests.content }).toEqual({ described: [page], loaded: [], content: 0 })
      expect(namesOn(stage, page)).toEqual(names)
      expect(await stage.visible()).toEqual(await stage.cleanBuild())
    }
    expect(namesOn(stage, other)).toEqual([])
  })

  it('of a page that a search finds, they are seen at once', async () => {
    await using stage = await Stage.open(deployment)
    const page = stage.page('One', '<p>one</p>')
    await stage.sync()
    stage.world.addAttachment(page, 'a.pdf')
    stage.world.edit(page, '<p>edited</p>')
    expect((await stage.sync()).loaded).toEqual([page])
    expect(namesOn(stage, page)).toEqual(['a.pdf'])
    stage.world.addAttachment(page, 'b.pdf')
    const { described, loaded } = await stage.sync()
    expect({ described, loaded }).toEqual({ described: [page], loaded: [] })
    expect(namesOn(stage, page)).toEqual(['a.pdf', 'b.pdf'])
  })

  it('long lists are whole, for a request each in a listing, and for none in a run without a change', async () => {
    await using stage = await Stage.open(deployment)
    const pages = ['One', 'Two'].map((title) => stage.page(title, `<p>${title}</p>`))
    await stage.sync()
    const without = (await stage.sweep()).requests.source
    for (const page of pages) for (let file = 0; file < MANY; file += 1) stage.world.addAttachment(page, `${String(file).padStart(2, '0')}.pdf`)
    const { requests, described } = await stage.sweep()
    expect(requests.source).toBe(without + pages.length)
    expect(described.toSorted()).toEqual(pages.toSorted())
    for (const page of pages) expect(namesOn(stage, page)).toHaveLength(MANY)
    // The search shows the first of them again.
    const unchanged = await stage.sync()
    expect(unchanged.described).toEqual([])
    expect(unchanged.requests.source).toBe(2)
    stage.world.edit(pages[0] ?? '', '<p>edited</p>')
    await stage.sync()
    expect(namesOn(stage, pages[0] ?? '')).toHaveLength(MANY)
  })

  it('what an earlier version recorded without them gets them with the next run', async () => {
    await using stage = await Stage.open(deployment)
    const page = stage.page('One', '<p>one</p>')
    stage.world.addAttachment(page, 'a.pdf')
    await stage.sync()
    // So long ago that no search finds the page.
    stage.clock.now += 100 * HOUR
    await stage.sync()
    const { validators, metadata } = stage.stub(page)
    const { head } = validators as { head: Record<string, unknown> }
    expect(head['attachments']).toEqual(['a.pdf'])
    delete head['attachments']
    delete (metadata as Record<string, unknown>)['attachments']
    Object.assign(stage.stub(page), { metadataVersion: 'of an earlier version' })
    stage.host.cursor = { ...(stage.host.cursor as object), version: 1 }
    const { described, loaded } = await stage.sync()
    expect({ described, loaded }).toEqual({ described: [page], loaded: [] })
    expect(namesOn(stage, page)).toEqual(['a.pdf'])
  })
})

function attachments(stage: Stage, id: string): unknown {
  return stage.stub(id).metadata?.['attachments']
}

function namesOn(stage: Stage, id: string): string[] {
  return ((attachments(stage, id) ?? []) as { name: string }[]).map(({ name }) => name)
}
