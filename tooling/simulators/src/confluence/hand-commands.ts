import { BROKEN_IN, type BrokenIn } from './broken-pages.ts'
import type { ConfluenceWorld } from './world.ts'
import type { HandCommand } from '../base/simulator-run.ts'
import type { ConfluenceSimulator } from './confluence-simulator.ts'
import type { SpaceAccess } from './entities.ts'

const ACCESS: readonly SpaceAccess[] = ['readable', 'hidden', 'forbidden', 'empty']

/** The id of a page by its number in a generated space, or its id. */
export function pageNamed(world: ConfluenceWorld, word: string | undefined): string {
  const titled = world.contents.values().find(({ title, type }) => type === 'page' && (title === `Page ${word}` || title.startsWith(`Page ${word} renamed `)))
  const id = titled?.id ?? world.contents.get(word ?? '')?.id
  if (id === undefined) throw new Error(`there is no page ${word ?? 'without a number'}`)
  return id
}

function placeNamed(word: string): BrokenIn {
  const place = BROKEN_IN.find((one) => one === word)
  if (place === undefined) throw new Error(`not one of ${BROKEN_IN.join(', ')}`)
  return place
}

/** What somebody who tries the loader by hand can do to a generated space. Pages go by their number or id. */
export function handCommands({ world, faults, broken }: ConfluenceSimulator, space: string): readonly HandCommand[] {
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
    page('break PAGE [text|listing|search|bare…]', (id, words) => broken.add(id, words.length === 0 ? {} : { in: words.map(placeNamed) })),
    page('mend PAGE', (id) => broken.mend(id)),
    {
      usage: `space ${ACCESS.join('|')}`,
      run([word]) {
        const access = ACCESS.find((one) => one === word)
        if (access === undefined) throw new Error(`not one of ${ACCESS.join(', ')}`)
        world.setAccess(space, access)
        return `the space ${space} is ${access}`
      },
    },
    {
      usage: 'fail STATUS [TIMES]',
      run([status = '', times = '1']) {
        if (!/^[45]\d\d$/.test(status) || !/^\d+$/.test(times)) throw new Error('a status from 400 to 599, and a number')
        faults.add({ kind: 'status', status: Number(status), ...(status === '429' && { retryAfter: '3' }) }, { times: Number(times) })
        return `the next requests are answered with ${status}: ${times}`
      },
    },
  ]
}
