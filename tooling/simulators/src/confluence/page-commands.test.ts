import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ConfluenceSimulator } from './confluence-simulator.ts'
import { generateConfluence } from './generate-confluence.ts'
import { pageCommands } from './page-commands.ts'
import { faultCommands } from '../base/fault-commands.ts'
import { obey } from '../base/hand-commands.ts'

let simulator: ConfluenceSimulator
beforeAll(async () => {
  simulator = await ConfluenceSimulator.start({ deployment: 'cloud' })
  generateConfluence(simulator.world, { pages: 5 })
})
afterAll(() => simulator.close())

async function typed(...lines: string[]): Promise<string[]> {
  const output = new PassThrough()
  await obey([...pageCommands(simulator, 'DOCS'), ...faultCommands(simulator)], Readable.from(lines.map((line) => `${line}\n`)), output)
  output.end()
  return (await text(output)).trimEnd().split('\n').slice(1)
}

it('lines that are typed change the simulated space', async () => {
  const { world } = simulator
  const three = [...world.contents.values()].find(({ title }) => title === 'Page 3')
  if (!three) throw new Error('there is no page 3')
  expect(await typed('edit 3', '', 'rename 3', 'label 3 one two', 'attach 3', 'move 3 1', 'hide 3', 'trash 3')).toEqual([
    `edit: "Page 3" (${three.id})`,
    ...['rename', 'label', 'attach', 'move', 'hide', 'trash'].map((name) => `${name}: "Page 3 renamed 2" (${three.id})`),
  ])
  const first = [...world.contents.values()].find(({ title }) => title === 'Page 1')?.id
  expect(three).toMatchObject({ version: { number: 3 }, labels: ['one', 'two'], parentId: first, hidden: true, status: 'trashed' })
})

it('what makes no sense is said, and changes nothing', async () => {
  expect(await typed('edit 99', 'trash', 'fail 200')).toEqual([
    'edit: there is no page 99; usage: edit PAGE',
    'trash: there is no page without a number; usage: trash PAGE',
    'fail: a status from 400 to 599, and a number; usage: fail STATUS [TIMES]',
  ])
  expect(await typed('what')).toEqual([expect.stringContaining('edit PAGE · rename PAGE')])
})

it('requests can be made to fail, and a space to vanish', async () => {
  expect(await typed('fail 503 2', 'space hidden')).toEqual(['fail: the next requests are answered with 503: 2', 'space: the space DOCS is hidden'])
  expect(simulator.faults.pending).toBe(1)
  expect(simulator.world.space('DOCS').access).toBe('hidden')
})
