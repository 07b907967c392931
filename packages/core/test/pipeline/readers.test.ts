import { expect, it } from 'vitest'
import { ScriptedSource } from './scripted-source.ts'
import { Workbench } from './workbench.ts'

function version(number: number): string {
  return Array.from({ length: 6 }, (_, index) => `Paragraph ${index} of version ${number}, long enough that few of them fit one chunk.`).join('\n\n')
}

it('shows readers the whole new version of a document before its old points go', async () => {
  const bench = await Workbench.open({ settings: { chunking: { chunkSize: 32, chunkOverlap: 0 } } })
  try {
    const source = new ScriptedSource()
    source.put('page', version(1))
    source.put('gone', version(3))
    await bench.sync(source)
    const before = (await bench.texts())['page'] ?? []
    source.put('page', version(2))
    source.delete('gone')
    const seen: { moment: string; page: readonly string[] }[] = []
    bench.store.onEffect = async (moment) => void seen.push({ moment, page: (await bench.texts())['page'] ?? [] })
    await bench.sync(source)
    bench.store.onEffect = () => {}
    const after = (await bench.texts())['page'] ?? []

    expect(after.length).toBeGreaterThan(1)
    expect(after).not.toEqual(before)
    // I7: at each moment one of the two versions is there as a whole.
    for (const { moment, page } of seen) {
      const whole = [before, after].some((texts) => texts.every((text) => page.includes(text)))
      expect(whole, `${moment}: ${page.length} points`).toBe(true)
    }
    expect(seen.map(({ moment }) => moment)).toEqual(['before upsert', 'after upsert', 'before delete', 'after delete', 'before delete', 'after delete'])
  } finally {
    await bench.close()
  }
})
