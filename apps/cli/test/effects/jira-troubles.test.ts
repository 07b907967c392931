import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { generateJira, JiraSimulator } from '@qdrant-loader/simulators'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'

vi.setConfig({ testTimeout: 120_000 })

const TOKEN = 'canary-7Jq2mW4xVt9Zr5Ub1Ks8'

let jira: JiraSimulator
let world: EffectsWorld
afterEach(() => jira.close())

async function open(deployment: 'cloud' | 'datacenter', issues: number): Promise<void> {
  jira = await JiraSimulator.start({ deployment, token: TOKEN })
  generateJira(jira.world, issues)
  // What was edited a moment before it was read is read once more.
  jira.now = () => Date.now() + 3_600_000
  world = createEffectsWorld()
  world.configure(`global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
  logging: { level: debug, file: ./log }
  retry: { delay: 10ms }
sources:
  jira:
    issues: { base_url: "${jira.url}", deployment_type: ${deployment}, project_key: DEMO, token: ${TOKEN}${deployment === 'cloud' ? `, email: ${jira.email}` : ''} }
`)
}

interface Synced {
  readonly code: number
  readonly requests: number
  readonly documents: Readonly<Record<string, number>>
}

async function sync(...flags: string[]): Promise<Synced> {
  jira.resetCounters()
  const { code, sources } = await world.json(['sync', ...flags])
  return { code, requests: jira.requestCount, documents: sources[0].documents }
}

describe.each(['cloud', 'datacenter'] as const)('J1 to the end, on %s', (deployment) => {
  test('J1: 129 of 130 issues are indexed in few requests with exit code 5, the ledger names the one, and healed it is taken', async () => {
    await open(deployment, 130)
    const healthy = (await sync()).requests
    await jira.close()

    await open(deployment, 130)
    const broken = jira.world.issues.values().find(({ number }) => number === 78)?.id ?? ''
    jira.unservable.add(broken)
    const first = await sync()
    expect(first).toMatchObject({ code: 5, documents: { added: 129, failed: 1, deleted: 0 } })
    expect(first.requests).toBeLessThanOrEqual(1.5 * healthy + 20)
    const { stdout } = await world.run(['failures'])
    expect(stdout).toContain('http_unservable')
    expect(stdout).toContain(broken)
    expect(await sync()).toMatchObject({ code: 5, documents: { failed: 1, deleted: 0 } })
    expect(await sync('--full')).toMatchObject({ code: 5, documents: { failed: 1, deleted: 0 } })
    expect(await world.documents()).toHaveLength(129)

    jira.unservable.clear()
    expect(await sync()).toMatchObject({ code: 0, documents: { added: 1, failed: 0 } })
    expect(await world.documents()).toHaveLength(130)
    expect(jira.violations).toEqual([])
  })

  test('J1: an indexed issue that cannot be shown any more is kept as it was', async () => {
    await open(deployment, 10)
    await sync()
    const broken = jira.world.issues.values().find(({ number }) => number === 4)?.id ?? ''
    jira.unservable.add(broken)
    for (const { id } of jira.world.issues.values()) jira.world.editIssue(id, { summary: 'Edited' })
    expect(await sync()).toMatchObject({ code: 5, documents: { updated: 9, failed: 1, deleted: 0 } })
    expect(await world.documents()).toContain(broken)
    jira.unservable.clear()
    expect(await sync()).toMatchObject({ code: 0, documents: { updated: 1, failed: 0 } })
  })

  test('J1: with the server down a run ends with exit code 4 after few requests, and deletes nothing', async () => {
    await open(deployment, 130)
    await sync()
    jira.down = true
    for (const flags of [[], ['--full']]) {
      const { code, requests, documents } = await sync(...flags)
      expect([code, documents['deleted'] ?? 0]).toEqual([4, 0])
      expect(requests).toBeLessThanOrEqual(30)
    }
    jira.down = false
    expect(await world.documents()).toHaveLength(130)
    expect(await sync()).toMatchObject({ code: 0 })
  })

  test('J1: a first sync of a server that goes down while bodies are read is an outage, and nothing fails for ever', async () => {
    await open(deployment, 130)
    let bodies = 0
    jira.afterAnswer = (route) => {
      if (route.startsWith('POST') && ++bodies === 2) jira.down = true
    }
    const first = await sync()
    expect(first).toMatchObject({ code: 4, documents: { failed: 0 } })
    expect(first.requests).toBeLessThanOrEqual(30)
    jira.afterAnswer = undefined
    jira.down = false
    expect(await sync()).toMatchObject({ code: 0 })
    expect(await world.documents()).toHaveLength(130)
  })
})

/** Every file below the folder of the user, but for the configuration, that holds a text. */
function filesWith(text: string): string[] {
  return readdirSync(world.folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.endsWith('.yaml'))
    .map((name) => path.join(world.folder, name))
    .filter((file) => statSync(file).isFile() && readFileSync(file).includes(text))
}

test.each(['cloud', 'datacenter'] as const)('J2: a token that the server repeats is in no output and no file, whole or cut, in any form, on %s', async (deployment) => {
  await open(deployment, 3)
  await sync()
  const basic = Buffer.from(`${jira.email}:${TOKEN}`).toString('base64')
  const said: string[] = []
  // So far in that a cut for a message ends within it.
  for (const [at, form] of [TOKEN, basic, encodeURIComponent(TOKEN), `Bearer ${TOKEN}`].entries()) {
    const repeated = `${'x'.repeat(at % 2 === 0 ? 287 : 0)} ${form}`
    const html = { contentType: 'text/html', body: `<html><body><pre>authorization: ${repeated}</pre></body></html>` }
    const json = (body: unknown) => ({ contentType: 'application/json', body: JSON.stringify(body) })
    const faults = [
      { status: 400, ...json({ errorMessages: [repeated] }) },
      { status: 403, ...json({ message: repeated }), headers: { 'x-authorization': form } },
      { status: 500, ...html },
      { status: 200, ...html },
      { status: 200, contentType: 'application/json', body: `{"issues": "${repeated}"` },
      { status: 401, ...html, headers: { 'x-authentication-denied-reason': `CAPTCHA_CHALLENGE; login-url=https://example.com/?t=${form}` } },
      { status: 302, contentType: 'text/html', body: '', headers: { location: `${jira.url}/login?os_authtoken=${encodeURIComponent(form)}` } },
    ]
    for (const fault of faults) {
      jira.faults.add({ kind: 'answer', ...fault }, { times: 30 })
      const { code, stdout, stderr } = await world.run(['sync', '--json'])
      expect(code, String(fault.status)).not.toBe(0)
      said.push(stdout, stderr)
      jira.faults.clear()
    }
  }
  for (const words of [['failures'], ['history'], ['history', '--json'], ['doctor']]) said.push(JSON.stringify(await world.run(words)))
  // In base64 the account comes first, which is not secret.
  for (const start of [TOKEN.slice(0, 8), basic.slice(-16, -8)]) {
    expect(said.join('\n')).not.toContain(start)
    expect(filesWith(start)).toEqual([])
  }
})
