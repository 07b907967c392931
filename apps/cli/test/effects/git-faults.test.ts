import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { GitSimulator } from '@qdrant-loader/simulators'
import { beforeEach, expect, test } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'

let world: EffectsWorld
beforeEach(() => {
  world = createEffectsWorld()
})

const GLOBAL = `global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
  retry: { attempts: 1, delay: 1ms }
`

/** Makes each object of the repository a file of its own, and returns the one of a path. */
function looseObject(git: string, file: string): string {
  const packs = path.join(git, 'objects', 'pack')
  for (const name of readdirSync(packs).filter((each) => each.endsWith('.pack'))) {
    const aside = path.join(git, name)
    renameSync(path.join(packs, name), aside)
    rmSync(path.join(packs, name.replace('.pack', '.idx')), { force: true })
    execFileSync('git', ['unpack-objects', '-q'], { cwd: git, input: readFileSync(aside) })
  }
  const blob = execFileSync('git', ['rev-parse', `HEAD:${file}`], { cwd: git }).toString().trim()
  return path.join(git, 'objects', blob.slice(0, 2), blob.slice(2))
}

test('with 1 of 130 files that cannot be given, 129 are indexed, exit 5, and the ledger names it; healed, the next run takes it; with the server down, nothing is deleted', { timeout: 120_000 }, async () => {
  world.commit(Object.fromEntries(Array.from({ length: 128 }, (_, at) => [`page-${at}.md`, `The text of page ${at}.\n`])))
  const git = path.join(world.repository, '.git')
  execFileSync('git', ['config', 'uploadpack.allowFilter', 'true'], { cwd: git })
  const object = looseObject(git, 'page-77.md')
  const whole = readFileSync(object)
  chmodSync(object, 0o644)
  writeFileSync(object, 'no zlib stream')
  const server = await GitSimulator.start(git)
  try {
    world.configure(`${GLOBAL}sources: { git: { pages: { base_url: "${server.url}" } } }\n`)
    const broken = await world.json(['sync'])
    expect(broken).toMatchObject({ code: 5, totals: { documents: { added: 129, failed: 1, deleted: 0 } } })
    expect((await world.run(['failures'])).stdout).toContain('page-77.md')
    expect(await world.documents()).toHaveLength(129)
    const asked = server.requestCount
    server.faults.stay({ kind: 'status', status: 503 })
    const down = await world.json(['sync'])
    expect(down).toMatchObject({ code: 4, totals: { documents: { deleted: 0 } } })
    expect(server.requestCount - asked).toBeLessThanOrEqual(30)
    server.heal()
    writeFileSync(object, whole)
    expect(await world.json(['sync'])).toMatchObject({ code: 0, totals: { documents: { failed: 0 } } })
    expect(await world.documents()).toHaveLength(130)
  } finally {
    await server.close()
  }
})

test('a page whose include cannot be given fails with it, rather than doing without, and is complete once it is given', { timeout: 60_000 }, async () => {
  world.commit({ 'page.adoc': '= Page\n\nOwn words.\n\ninclude::part.adoc[]\n', 'part.adoc': 'Words of the part.\n' })
  const git = path.join(world.repository, '.git')
  execFileSync('git', ['config', 'uploadpack.allowFilter', 'true'], { cwd: git })
  const object = looseObject(git, 'part.adoc')
  const whole = readFileSync(object)
  chmodSync(object, 0o644)
  writeFileSync(object, 'no zlib stream')
  const server = await GitSimulator.start(git)
  try {
    world.configure(`${GLOBAL}sources: { git: { pages: { base_url: "${server.url}", file_types: "*.adoc" } } }\n`)
    expect(await world.json(['sync'])).toMatchObject({ code: 5, totals: { documents: { added: 0, failed: 2, deleted: 0 } } })
    writeFileSync(object, whole)
    expect(await world.json(['sync'])).toMatchObject({ code: 0, totals: { documents: { failed: 0 } } })
    const texts = (await world.points()).map(({ payload }) => String(payload.content))
    expect(texts.sort()).toEqual(['# Page\n\nOwn words.\n\nWords of the part.', 'Words of the part.'])
  } finally {
    await server.close()
  }
})

test('G1: a first fetch that takes several times change_detection.timeout arrives while data come; a silent one is ended', { timeout: 60_000 }, async () => {
  writeFileSync(path.join(world.repository, 'noise.bin'), Buffer.concat([Buffer.alloc(1), randomBytes(900_000)]))
  world.commit({})
  const server = await GitSimulator.start(path.join(world.repository, '.git'))
  try {
    // Git hands on what it receives in parts of 64 KB.
    server.bytesPerSecond = 120_000
    world.configure(`${GLOBAL}  change_detection: { timeout: 4s }\nsources: { git: { slow: { base_url: "${server.url}" } } }\n`)
    const started = performance.now()
    expect(await world.json(['sync'])).toMatchObject({ code: 0 })
    expect(await world.documents()).toEqual(['guide.md', 'notes.txt'])
    expect(performance.now() - started).toBeGreaterThan(6_000)
    server.bytesPerSecond = 0.001
    expect(await world.json(['sync'])).toMatchObject({ code: 4, sources: [{ error: { code: 'detection_timeout' } }] })
  } finally {
    await server.close()
  }
})
