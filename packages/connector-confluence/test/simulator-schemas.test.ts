import { ConfluenceSimulator } from '@qdrant-loader/simulators'
import { createV1Client, createV2Client } from 'confluence.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: ConfluenceSimulator
let ids: { space: number; page: number; post: number; footer: number; inline: number; reply: number }

beforeAll(async () => {
  server = await ConfluenceSimulator.start({ deployment: 'cloud' })
  const { world } = server
  const space = world.createSpace({ key: 'DEV' })
  const page = world.createPage({ space: 'DEV', title: 'A page', body: '<p>text</p>', labels: ['guide', 'draft'] })
  const post = world.createBlogPost({ space: 'DEV', title: 'A post', body: '<p>news</p>' })
  const footer = world.addComment(page.id, '<p>footer</p>')
  const reply = world.addComment(footer.id, '<p>reply</p>')
  const inline = world.addComment(page.id, '<p>inline</p>', { selection: 'text' })
  world.addAttachment(page.id, 'a.pdf')
  const number = ({ id }: { id: string | number }): number => Number(id)
  ids = { space: space.id, page: number(page), post: number(post), footer: number(footer), inline: number(inline), reply: number(reply) }
})
afterAll(() => server.close())

function clients() {
  const config = { host: new URL(server.url).origin, auth: { type: 'basic', email: server.email, apiToken: server.token } } as const
  return { v1: createV1Client(config), v2: createV2Client(config) }
}

// The client throws when an answer does not fit its schemas, which were generated from Atlassian's own description.
describe("the simulated Cloud's answers fit the schemas of confluence.js", () => {
  it('spaces', async () => {
    const { v2 } = clients()
    expect((await v2.space.getSpaces({ keys: ['DEV'] })).results).toMatchObject([{ key: 'DEV' }])
    expect(await v2.space.getSpaceById({ id: ids.space })).toMatchObject({ key: 'DEV' })
  })

  it('pages and blog posts', async () => {
    const { v2 } = clients()
    expect((await v2.page.getPages({ id: [ids.page], status: ['current', 'archived'], bodyFormat: 'storage' })).results).toMatchObject([
      { title: 'A page', version: { number: 1 }, body: { storage: { value: '<p>text</p>' } } },
    ])
    expect((await v2.page.getPagesInSpace({ id: ids.space, sort: '-modified-date' })).results).toHaveLength(2)
    expect(await v2.page.getPageById({ id: ids.page, includeLabels: true })).toMatchObject({ labels: { results: [{ name: 'guide' }, { name: 'draft' }] } })
    expect((await v2.blogPost.getBlogPosts({ spaceId: [ids.space] })).results).toMatchObject([{ title: 'A post' }])
    expect(await v2.blogPost.getBlogPostById({ id: ids.post, bodyFormat: 'storage' })).toMatchObject({ body: { storage: { value: '<p>news</p>' } } })
    expect((await v2.label.getPageLabels({ id: ids.page })).results).toHaveLength(2)
    expect((await v2.attachment.getPageAttachments({ id: ids.page })).results).toMatchObject([{ title: 'a.pdf' }])
  })

  it('comments', async () => {
    const { v2 } = clients()
    expect((await v2.comment.getPageFooterComments({ id: ids.page, bodyFormat: 'storage' })).results).toHaveLength(1)
    expect((await v2.comment.getFooterComments({ bodyFormat: 'storage' })).results).toHaveLength(2)
    expect(await v2.comment.getFooterCommentById({ commentId: ids.reply })).toMatchObject({ parentCommentId: String(ids.footer), pageId: String(ids.page) })
    expect(await v2.comment.getInlineCommentById({ commentId: ids.inline })).toMatchObject({
      resolutionStatus: 'open',
      properties: { inlineOriginalSelection: 'text' },
    })
  })

  it('people', async () => {
    const { v1, v2 } = clients()
    expect((await v2.user.createBulkUserLookup({ body: { accountIds: ['user-1', 'nobody'] } })).results).toMatchObject([{ displayName: 'Ada Lovelace' }])
    expect(await v1.users.getCurrentUser({})).toMatchObject({ type: 'known', accountId: 'user-1' })
  })

  it('searches', async () => {
    const { v1 } = clients()
    const expand = ['version', 'history', 'ancestors', 'space', 'metadata.labels', 'body.storage', 'container', 'children.attachment', 'extensions.resolution']
    const { results } = await v1.content.searchContentByCQL({ cql: 'space = DEV and type in (page, blogpost, comment)', expand })
    expect(results.map(({ type }) => type).toSorted()).toEqual(['blogpost', 'comment', 'comment', 'comment', 'page', 'page'])
    expect((await v1.search.searchByCQL({ cql: 'type = page' })).results).toHaveLength(2)
    expect(server.violations).toEqual([])
  })
})
