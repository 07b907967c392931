import type { HandCommand } from '../base/hand-commands.ts'
import { oneOf } from '../base/words.ts'
import { BROKEN_IN } from './broken-pages.ts'
import type { ConfluenceSimulator } from './confluence-simulator.ts'
import type { SpaceAccess } from './entities.ts'
import type { ConfluenceWorld } from './confluence-world.ts'

const ACCESS: readonly SpaceAccess[] = ['readable', 'hidden', 'forbidden', 'empty']

/** The id of a page by its number in a generated space, or its id. */
export function pageNamed(world: ConfluenceWorld, word: string | undefined): string {
  const titled = world.contents.values().find(({ title, type }) => type === 'page' && (title === `Page ${word}` || title.startsWith(`Page ${word} renamed `)))
  const id = titled?.id ?? world.contents.get(word ?? '')?.id
  if (id === undefined) throw new Error(`there is no page ${word ?? 'without a number'}`)
  return id
}

/** What somebody who tries the loader by hand can do to a generated space. Pages go by their number or id. */
export function pageCommands({ world, broken }: ConfluenceSimulator, space: string): readonly HandCommand[] {
  let serial = 0
  const next = (): number => (serial += 1)
  const idOf = (word: string | undefined): string => pageNamed(world, word)
  /** A command about one page. */
  const page = (usage: string, act: (id: string, words: readonly string[]) => unknown): HandCommand => ({
    usage,
    run([word, ...words]) {
      const id = idOf(word)
      act(id, words)
      return `"${world.contents.get(id)?.title ?? `Page ${word}`}" (${id})`
    },
  })
  return [
    page('edit PAGE', (id) => world.edit(id, `${world.content(id).body}<p>Added by hand: remark ${next()}.</p>`)),
    page('rename PAGE', (id) => world.rename(id, `${world.content(id).title.replace(/ renamed \d+$/, '')} renamed ${next()}`)),
    page('move PAGE BELOW', (id, [below]) => world.movePage(id, { parent: idOf(below) })),
    page('label PAGE LABEL…', (id, labels) => world.setLabels(id, labels)),
    page('comment PAGE', (id) => world.addComment(id, `<p>Comment ${next()} by hand.</p>`)),
    page('attach PAGE', (id) => world.addAttachment(id, `file ${next()}.pdf`)),
    page('archive PAGE', (id) => world.archivePage(id)),
    page('trash PAGE', (id) => world.trash(id)),
    page('restore PAGE', (id) => world.restore(id)),
    page('purge PAGE', (id) => world.purge(id)),
    page('hide PAGE', (id) => world.hide(id)),
    page('show PAGE', (id) => world.hide(id, false)),
    page('break PAGE [text|listing|search|bare…]', (id, words) => broken.add(id, words.length === 0 ? {} : { in: words.map((word) => oneOf('what is broken', word, BROKEN_IN)) })),
    page('mend PAGE', (id) => broken.mend(id)),
    {
      usage: `space ${ACCESS.join('|')}`,
      run([word]) {
        const access = oneOf('access', word ?? '', ACCESS)
        world.setAccess(space, access)
        return `the space ${space} is ${access}`
      },
    },
  ]
}
