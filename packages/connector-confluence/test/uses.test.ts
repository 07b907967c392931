import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, HOUR, Stage } from './stage.ts'

const link = (title: string, space?: string) => `<p><ac:link><ri:page ${space === undefined ? '' : `ri:space-key="${space}" `}ri:content-title="${title}" /></ac:link></p>`
const include = (page: string) => `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link>${page}</ac:link></ac:parameter></ac:structured-macro>`
const named = (title: string) => `<ri:page ri:content-title="${title}" />`

async function twoSpaces(deployment: 'cloud' | 'datacenter', options: Parameters<typeof Stage.open>[2] = {}, config: Readonly<Record<string, unknown>> = {}): Promise<Stage> {
  const stage = await Stage.open(deployment, { space_key: ['DEV', 'OPS'], ...config }, options)
  stage.world.createSpace({ key: 'OPS', name: 'Operations' })
  return stage
}

/** What is held equals a clean build, and another listing finds nothing to read. */
async function expectSettled(stage: Stage): Promise<void> {
  expect(await stage.visible()).toEqual(await stage.cleanBuild())
  expect((await stage.sweep()).loaded).toEqual([])
  expect(await stage.visible()).toEqual(await stage.cleanBuild())
}

describe.each(DEPLOYMENTS)('%s: what a text used', (deployment) => {
  it.each([
    ['a link without a space', link('Part')],
    ['an include without a space', include(named('Part'))],
    ['an anchor of its own page', '<p><ac:link ac:anchor="top"><ac:link-body>up</ac:link-body></ac:link></p>'],
    ['a relative link', '<p><a href="#part">part</a></p>'],
    ['a file of a page without a space', '<p><ac:link><ri:attachment ri:filename="plan.pdf"><ri:page ri:content-title="Part" /></ri:attachment></ac:link></p>'],
  ])('C4: a page with %s moves to another space: it is read as it is there', async (_what, body) => {
    await using stage = await twoSpaces(deployment)
    stage.page('Part', '<p>of dev</p>')
    stage.page('Part', '<p>of ops</p>', { space: 'OPS' })
    const page = stage.page('Page', `<p>own</p>${body}`)
    await stage.sync()
    stage.world.movePage(page, { space: 'OPS' })
    await stage.sweep()
    expect(stage.text(page)).not.toContain('spaceKey=DEV')
    expect(stage.text(page)).not.toContain('of dev')
    await expectSettled(stage)
  })

  it('C4: a page moves to another space, and its text says nothing of that: it is not read again', async () => {
    await using stage = await twoSpaces(deployment)
    stage.page('Part', '<p>of dev</p>')
    const page = stage.page('Page', `<p>own</p>${link('Part', 'DEV')}<p><a href="https://example.com/">out</a></p>`)
    await stage.sync()
    stage.world.movePage(page, { space: 'OPS' })
    expect((await stage.sweep()).loaded).toEqual([])
    await expectSettled(stage)
  })

  it('C4: also when a search shows the move, and for the comments on the page', async () => {
    await using stage = await twoSpaces(deployment, {}, { include_comments: true })
    stage.page('Part', '<p>of dev</p>')
    stage.page('Part', '<p>of ops</p>', { space: 'OPS' })
    const page = stage.page('Page', link('Part'))
    const comment = `comment/${stage.world.addComment(page, link('Part')).id}`
    await stage.sync()
    stage.world.movePage(page, { space: 'OPS' })
    stage.world.setLabels(page, ['seen'])
    await stage.sync()
    expect(stage.text(page)).toContain('spaceKey=OPS')
    await stage.sweep()
    expect(stage.text(comment)).toContain('spaceKey=OPS')
    await expectSettled(stage)
  })

  it('C4: a page that is included by its id moves: what it names itself is meant where it is now', async () => {
    await using stage = await twoSpaces(deployment)
    stage.page('Part', '<p>of dev</p>')
    stage.page('Part', '<p>of ops</p>', { space: 'OPS' })
    const middle = stage.page('Middle', `${include(named('Part'))}${link('Part')}`, { space: 'OPS' })
    const whole = stage.page('Whole', include(`<ri:content-entity ri:content-id="${middle}" />`))
    await stage.sync()
    expect(stage.text(whole)).toContain('of ops')
    expect(stage.text(whole)).toContain('spaceKey=OPS')
    stage.world.movePage(middle, { space: 'DEV' })
    await stage.sweep()
    expect(stage.text(whole)).toContain('of dev')
    expect(stage.text(whole)).not.toContain('spaceKey=OPS')
    await expectSettled(stage)
  })

  it('C4: the site has another address: texts lead there', async () => {
    await using stage = await Stage.open(deployment)
    const page = stage.page('Page', link('Page'))
    const plain = stage.page('Plain', '<p>plain</p>')
    await stage.sync()
    const before = stage.stub(page).contentVersion
    const other = stage.server.url.replace('127.0.0.1', 'localhost')
    const host = stage.freshHost({ base_url: other })
    const held = host.documents as Map<string, NonNullable<ReturnType<typeof host.documents.get>>>
    for (const [id, document] of stage.host.documents) held.set(id, document)
    const { loaded } = await host.sync({ mode: 'full' })
    expect(loaded).toEqual([page])
    expect(host.texts.get(page)).toContain(other)
    expect(host.documents.get(page)?.stub.contentVersion).not.toBe(before)
    expect(host.documents.get(plain)?.stub.location.url).toContain(other)
  })

  it.each([true, false])('C5: a page is renamed; pages that link to it by title follow with the next listing (their text is written anew: %s)', async (rewritesLinks) => {
    await using stage = await twoSpaces(deployment, { rewritesLinks }, { exclude_labels: 'hidden' })
    const targets = [stage.page('Target', '<p>t</p>'), stage.page('Left out', '<p>t</p>', { labels: ['hidden'] })]
    const linking = [stage.page('Near', `${link('Target')}${link('Left out')}`), stage.page('Far', link('Target', 'DEV'), { space: 'OPS' })]
    const including = stage.page('Including', include(named('Target')))
    const other = stage.page('Other', link('Near'))
    await stage.sync()
    for (const [number, id] of targets.entries()) stage.world.rename(id, `Renamed ${number}`)
    await stage.sync()
    stage.clock.now += HOUR
    const { loaded } = await stage.sweep()
    expect(loaded).toEqual(expect.arrayContaining(linking))
    expect(loaded).not.toContain(other)
    if (rewritesLinks) for (const id of linking) expect(stage.text(id)).toContain('Renamed%200')
    expect(stage.text(including)).toContain(rewritesLinks ? 't' : 'Target')
    await expectSettled(stage)
  })

  it.each([true, false])('C5: the same for a page that moves to another space (texts are written anew: %s)', async (rewritesLinks) => {
    await using stage = await twoSpaces(deployment, { rewritesLinks })
    const target = stage.page('Target', '<p>t</p>')
    const linking = stage.page('Linking', `${link('Target')}<p><ac:link><ri:attachment ri:filename="a.pdf"><ri:page ri:content-title="Target" /></ri:attachment></ac:link></p>`)
    await stage.sync()
    stage.world.movePage(target, { space: 'OPS' })
    expect((await stage.sweep()).loaded).toContain(linking)
    if (rewritesLinks) expect(stage.text(linking)).toContain('spaceKey=OPS')
    await expectSettled(stage)
  })

  it('C5: a dead title that comes to be, and links of blog posts', async () => {
    await using stage = await twoSpaces(deployment, { rewritesLinks: true })
    const linking = stage.page('Linking', `${link('Later')}<p><ac:link><ri:blog-post ri:content-title="News" ri:posting-day="2026/05/10" /></ac:link></p>`)
    await stage.sync()
    stage.world.createBlogPost({ space: 'DEV', title: 'News', body: '<p>news</p>' })
    stage.page('Later', '<p>later</p>')
    expect((await stage.sweep()).loaded).toContain(linking)
    await expectSettled(stage)
  })

  it('C12: a link costs no request, and an edit of the page that it leads to reads nothing but that', async () => {
    await using stage = await twoSpaces(deployment)
    const target = stage.page('Target', '<p>t</p>')
    for (let number = 0; number < 20; number += 1) stage.page(`Page ${number}`, `${link('Target')}${link('Elsewhere', 'HR')}${link(`Page ${number + 1}`)}`)
    await stage.sync()
    const first = stage.server.requestCount
    await stage.sweep()
    expect(stage.server.requestCount).toBeLessThan(first)
    stage.world.edit(target, '<p>edited</p>')
    expect((await stage.sync()).loaded).toEqual([target])
    await expectSettled(stage)
  })
})

describe.each(DEPLOYMENTS)('%s: an included page that the server cannot show', (deployment) => {
  it('C3: is what it was: the text of the page that includes it stays, and follows once it can be shown', async () => {
    await using stage = await Stage.open(deployment)
    stage.world.createSpace({ key: 'OPS' })
    const part = stage.page('Part', '<p>before</p>', { space: 'OPS' })
    const whole = stage.page('Whole', include(`<ri:page ri:space-key="OPS" ri:content-title="Part" />`))
    await stage.sync()
    stage.server.broken.add(part)
    expect((await stage.sweep()).loaded).toEqual([])
    expect(stage.text(whole)).toBe('before')
    stage.server.broken.mend(part)
    stage.world.edit(part, '<p>after</p>')
    await stage.sweep()
    expect(stage.text(whole)).toBe('after')
  })
})
