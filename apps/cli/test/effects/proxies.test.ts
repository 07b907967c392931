import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { ConfluenceSimulator, EmbedderSimulator, GitSimulator, JiraSimulator, ProxySimulator, QdrantSimulator, SiteSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'

vi.setConfig({ testTimeout: 60_000 })

const PASSWORD = 'canary-4711-of/the:proxy'

let world: EffectsWorld
let git: GitSimulator
let proxy: ProxySimulator
const open: { close(): Promise<unknown> }[] = []

/** Names that only the proxy can resolve, and what each of them is. */
const NAMES = ['git', 'jira', 'confluence', 'site', 'qdrant', 'embedder'] as const

beforeEach(async () => {
  world = createEffectsWorld()
  git = await GitSimulator.start(path.join(world.folder, 'repository'))
  const jira = await JiraSimulator.start()
  const confluence = await ConfluenceSimulator.start({ deployment: 'cloud' })
  const site = await SiteSimulator.start()
  const qdrant = await QdrantSimulator.start()
  const embedder = await EmbedderSimulator.start()
  open.push(git, jira, confluence, site, qdrant, embedder)
  const project = jira.world.createProject('ONE')
  jira.world.createIssue(project.id, { summary: 'An issue' })
  confluence.world.createSpace({ key: 'DEV' })
  confluence.world.createPage({ space: 'DEV', title: 'A page', body: '<p>Its text.</p>' })
  site.world.createPage('/', { blocks: [{ kind: 'paragraph', text: 'The start of the site.' }] })
  const servers = [git.origin, jira.url, confluence.url, site.url, qdrant.url, embedder.url]
  proxy = await ProxySimulator.start({
    credentials: { user: 'jane', password: PASSWORD },
    names: Object.fromEntries(servers.map((url, index) => [`${NAMES[index]}.example.test`, Number(new URL(url).port)])),
  })
  const at = (name: string, url: string): string => `http://${name}.example.test${new URL(url).pathname.replace(/\/$/, '')}`
  world.configure(`global:
  embedding: { provider: openai, base_url: "${at('embedder', embedder.url)}", model: m, dimensions: 16 }
  qdrant: { url: "http://qdrant.example.test:80" }
  state_management: { database_path: ./state.db }
  logging: { level: debug, file: ./log }
  retry: { attempts: 0 }
sources:
  git: { repository: { base_url: "http://git.example.test/team/repo.git" } }
  jira: { issues: { deployment_type: cloud, base_url: "${at('jira', jira.url)}", email: ${jira.email}, token: ${jira.token}, project_key: ONE } }
  confluence: { pages: { deployment_type: cloud, base_url: "${at('confluence', confluence.url)}", email: ${confluence.email}, token: ${confluence.token}, space_key: DEV } }
  public-docs: { manual: { base_url: "http://site.example.test/", requests_per_minute: 60000 } }
`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await proxy[Symbol.asyncDispose]()
  for (const one of open.splice(0)) await one.close()
})

/** Runs a command with variables in our own environment too, which is what git gets. */
async function through(env: Readonly<Record<string, string>>, words: readonly string[] = ['sync']) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  return await world.json(words, { env })
}

/** Hosts that the proxy was asked for. */
function asked(): readonly string[] {
  return [...new Set(proxy.seen.map(({ target }) => (URL.canParse(target) && target.includes('://') ? new URL(target).hostname : target.split(':')[0] ?? '')))].sort()
}

/** Every file below a folder as text. */
function everything(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n')
}

for (const name of ['HTTP_PROXY', 'http_proxy']) {
  test(`S14: ${name} is how every source, the store and the embedding server are reached, and its password is seen nowhere`, async () => {
    const report = await through({ [name]: proxy.url })
    expect(report).toMatchObject({ code: 0, totals: { documents: { failed: 0 } } })
    expect(asked()).toEqual(NAMES.map((host) => `${host}.example.test`).sort())
    expect((await through({ [name]: proxy.url }, ['doctor'])).code).toBe(0)
    const wrong = await through({ [name]: proxy.url.replace(encodeURIComponent(PASSWORD), `${encodeURIComponent(PASSWORD)}-no-more`) })
    expect(wrong.code).not.toBe(0)
    expect(`${JSON.stringify([report, wrong])}${everything(world.folder)}`).not.toContain('canary-4711')
  })
}

test('S14: HTTPS_PROXY holds for https addresses only, by tunnels', async () => {
  const report = await through({ HTTPS_PROXY: proxy.url, OPENAI_API_KEY: 'k' })
  expect(report.code).toBe(4)
  expect(proxy.seen).toEqual([])
  world.configure(`global:
  embedding: { provider: hash, dimensions: 16 }
  qdrant: { url: "https://qdrant.example.test:443" }
  state_management: { database_path: ./state.db }
  retry: { attempts: 0 }
sources:
  git: { repository: { base_url: "https://git.example.test/team/repo.git" } }
`)
  // The servers here speak no TLS: what matters is the way to them.
  await through({ HTTPS_PROXY: proxy.url })
  expect([...new Set(proxy.seen.map(({ method, target }) => `${method} ${target}`))]).toEqual(['CONNECT qdrant.example.test:443'])
  await through({ HTTPS_PROXY: proxy.url }, ['doctor'])
  expect(proxy.seen.map(({ method, target }) => `${method} ${target}`)).toContain('CONNECT git.example.test:443')
})

test('S14: what NO_PROXY names is asked directly', async () => {
  await through({ HTTP_PROXY: proxy.url, NO_PROXY: 'jira.example.test, .site.example.test' })
  expect(asked()).toEqual(['confluence', 'embedder', 'git', 'qdrant'].map((host) => `${host}.example.test`))
})
