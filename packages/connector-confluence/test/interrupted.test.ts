import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, Stage } from './stage.ts'

describe.each(DEPLOYMENTS)('%s: a run that dies', (deployment) => {
  it('between a change and what it changes elsewhere: the next one sees both, without a listing', async () => {
    for (let dieAfter = 0, died = true; died; dieAfter += 1) {
      await using stage = await Stage.open(deployment, {})
      const change = prepare(stage)
      await stage.sync()
      change()
      died = (await stage.sync({ dieAfter })).listing === undefined
      await stage.sync()
      expect(await stage.visible(), `after ${dieAfter} changes`).toEqual(await stage.cleanBuild())
    }
  })
})

/** A tree, and changes of it that show in other documents too. */
function prepare(stage: Stage): () => void {
  const { world } = stage
  const include = (title: string) =>
    `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="${title}" /></ac:link></ac:parameter></ac:structured-macro>`
  const renamed = stage.page('Renamed', '<p>renamed</p>')
  const below = stage.page('Below', '<p>below</p>', { parent: renamed })
  stage.page('Deep', '<p>deep</p>', { parent: below })
  const from = stage.page('From', '<p>from</p>')
  const to = stage.page('To', '<p>to</p>')
  const moved = stage.page('Moved', '<p>moved</p>', { parent: from })
  stage.page('With it', '<p>with it</p>', { parent: moved })
  const included = stage.page('Included', '<p>before</p>')
  stage.page('Including', `<p>shows</p>${include('Included')}`)
  return () => {
    world.rename(renamed, 'With another name')
    // Without a version of its own; a search finds it, since it was edited lately.
    world.movePage(moved, { parent: to })
    world.edit(included, '<p>after</p>')
    world.createPage({ space: 'DEV', title: 'New', body: '<p>new</p>', parent: from })
  }
}
