import { expect, it } from 'vitest'
import { chainsOf } from './page-chains.ts'
import type { NodeSource, TreeNode } from './page-chains.ts'

const NOTHING: NodeSource = { pages: async () => new Map(), others: async () => new Map() }
const page = (title: string, parent?: string, type = 'page'): TreeNode => ({ title, ...(parent !== undefined && { parent: { id: parent, type } }) })

it('looks up what is missing, level by level, folders included', async () => {
  const asked: string[][] = []
  const hidden = new Map([['2', page('Two', '9', 'folder')], ['1', page('One')]])
  const source: NodeSource = {
    pages: async (ids) => {
      asked.push([...ids])
      return new Map([...hidden].filter(([id]) => ids.includes(id)))
    },
    others: async (wanted) => new Map(wanted.get('9') === 'folder' ? [['9', page('Folder', '1')]] : []),
  }
  const nodes = new Map([['3', page('Three', '2')], ['4', page('Four', '2')]])
  const chains = await chainsOf(['3', '4'], nodes, source)
  expect(chains.get('3')).toEqual({ ancestors: [['1', 'One'], ['9', 'Folder'], ['2', 'Two']], whole: true })
  expect(chains.get('4')).toEqual(chains.get('3'))
  expect(asked).toEqual([['2'], ['1']])
})

it.each(['page', 'folder', 'whiteboard', 'something new'])('ends a chain at a %s that cannot be seen, and says that something is missing', async (type) => {
  expect((await chainsOf(['3'], new Map([['3', page('Three', '2', type)]]), NOTHING)).get('3')).toEqual({ ancestors: [], whole: false })
})

it('comes to an end where pages are below each other', async () => {
  const nodes = new Map([['1', page('One', '2')], ['2', page('Two', '1')]])
  expect((await chainsOf(['1'], nodes, NOTHING)).get('1')).toEqual({ ancestors: [['2', 'Two']], whole: true })
})
