import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { QdrantSimulator } from '../qdrant/index.ts'
import { faultCommands } from './fault-commands.ts'
import { obey } from './hand-commands.ts'

let server: QdrantSimulator
beforeAll(async () => (server = await QdrantSimulator.start()))
afterAll(() => server.close())

async function typed(...lines: string[]): Promise<string> {
  const output = new PassThrough()
  await obey(faultCommands(server), Readable.from(lines.map((line) => `${line}\n`)), output)
  output.end()
  return await text(output)
}

async function statuses(times: number): Promise<(number | 'lost')[]> {
  const seen: (number | 'lost')[] = []
  for (let at = 0; at < times; at += 1) seen.push(await fetch(`${server.url}/`).then(({ status }) => status, () => 'lost' as const))
  return seen
}

it('any server can be made to fail by hand, and says what it was asked', async () => {
  expect(await typed('fail 503 2', 'drop', 'cut')).toContain('drop: the next requests are cut off: 1')
  expect(await statuses(5)).toEqual([503, 503, 'lost', 200, 200])
  expect(await typed('breakoff 1')).toContain('breakoff: after 1 requests every connection is closed, until heal')
  expect(await statuses(3)).toEqual([200, 'lost', 'lost'])
  expect(await typed('heal', 'requests')).toContain('requests: 8 since the last look\n  8 × GET /')
  expect([await statuses(1), server.requestCount]).toEqual([[200], 1])
})

it('says what makes no sense', async () => {
  expect(await typed('fail 200', 'slow soon', 'breakoff')).toContain(
    'fail: a status from 400 to 599, and a number; usage: fail STATUS [TIMES]\nslow: MS needs a number, and got soon; usage: slow MS [TIMES]\nbreakoff: AFTER needs a number, and got ; usage: breakoff AFTER\n',
  )
})
