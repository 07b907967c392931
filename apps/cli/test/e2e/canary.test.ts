import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { ConfluenceSimulator, EmbedderSimulator, GitSimulator, JiraSimulator, QdrantSimulator, SiteSimulator } from '@qdrant-loader/simulators'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createEffectsWorld } from '../effects/command-line.ts'
import type { EffectsWorld } from '../effects/command-line.ts'
import { installProbe } from '../effects/probe.ts'
import { Repeater } from './repeater.ts'
import type { Place } from './repeater.ts'

vi.setConfig({ testTimeout: 60_000 })

/** With signs that URLs, JSON and HTML write in other ways, and a length that base64 fills up. */
const CANARY = 'Zq9+x/T4k="7mW2_pLe8&v3'
const EMAIL = 'jane.doe@example.com'

/** Every form that a server may repeat it in: a user is sent with it where there is one. */
function formsFor(user: string | undefined): readonly string[] {
  return [
    CANARY,
    Buffer.from(CANARY).toString('base64'),
    Buffer.from(CANARY).toString('base64url'),
    ...(user === undefined ? [] : [Buffer.from(`${user}:${CANARY}`).toString('base64')]),
    encodeURIComponent(CANARY),
    encodeURIComponent(CANARY).replace(/%../g, (escape) => escape.toLowerCase()),
    new URLSearchParams({ q: CANARY }).toString().slice(2),
    JSON.stringify(CANARY).slice(1, -1),
    CANARY.replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
    Buffer.from(CANARY).toString('hex'),
  ]
}

/** 8 characters in a row of any form must be nowhere. */
function partsOf(forms: readonly string[]): readonly string[] {
  return [...new Set(forms.flatMap((form) => Array.from({ length: form.length - 7 }, (_, at) => form.slice(at, at + 8))))]
}

/** The limits of our own messages (200, 300 and 500 characters) lie inside of a form. */
function acrossLimits(forms: readonly string[]): string {
  return Array.from({ length: 30 }, (_, at) => forms[at % forms.length]).join(' … ')
}

function cutByTheServer(forms: readonly string[]): string {
  return forms.map((form) => form.slice(0, 12)).join('… ')
}

/** In the shapes in which Confluence, Jira, OpenAI and Qdrant say what is wrong. */
function errorOf(text: string): object {
  return { message: text, errorMessages: [text], errors: [{ title: text, detail: text }], error: { message: text }, status: { error: text }, reason: text }
}

/** Where it is repeated, and what is said there. */
interface Case {
  readonly place: Place
  /** Default: every form, with spaces between them. */
  readonly text?: (forms: readonly string[]) => string
  /** Also where only one document is asked for. */
  readonly oneDocument?: true
}

function json(status: number): Place {
  return (response, text) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(errorOf(text)))
}

const inHeader = (text: string): string => text.replace(/[^\x20-\x7e]/g, '.')

const CASES: Readonly<Record<string, Case>> = {
  'a JSON error': { place: json(403), oneDocument: true },
  'a JSON error that is longer than our limits': { place: json(400), text: acrossLimits, oneDocument: true },
  'a JSON error that the server cut': { place: json(401), text: cutByTheServer },
  'a JSON error of a server that fails': { place: json(500) },
  'an HTML error': {
    place: (response, text) => void response.writeHead(404, { 'content-type': 'text/html' }).end(`<html><title>${text}</title><p>${text}</p></html>`),
    oneDocument: true,
  },
  'a plain error': { place: (response, text) => void response.writeHead(422, { 'content-type': 'text/plain' }).end(`${text}\n`) },
  'a success that is something else': {
    place: (response, text) => void response.writeHead(200, { 'content-type': 'application/json' }).end(`{"${text.replaceAll('"', '')}": [`),
  },
  'headers and the reason': {
    place: (response, text) => {
      const value = inHeader(text)
      response.writeHead(401, value, { 'www-authenticate': `Basic realm="${value}"`, 'x-request-authorization': value, 'x-seraph-loginreason': value }).end()
    },
  },
  'a redirect in its origin': {
    place: (response, text) => void response.writeHead(302, { location: `/${encodeURI(inHeader(text))}?token=${encodeURIComponent(text)}` }).end(),
    oneDocument: true,
  },
  'a redirect to another origin': {
    place: (response, text) => void response.writeHead(307, { location: `http://127.0.0.1:9/${encodeURIComponent(text)}` }).end(),
  },
}

interface Target {
  readonly server: Repeater
  readonly yaml: string
  /** The user that is sent with the secret. */
  readonly user?: string
  /** Requests in which one document, or one part of it, is asked for; else all repeat it. */
  readonly oneDocument?: (requested: string, body: string) => boolean
}

const PROBE = 'probe: { docs: { package: probe-connector } }'
const HASH = 'embedding: { provider: hash, dimensions: 16 }'

let world: EffectsWorld
const targets = new Map<string, Target>()
const open: { close(): Promise<unknown> }[] = []
let runs = 0

beforeAll(async () => {
  world = createEffectsWorld()
  installProbe(world)
  const confluence = await ConfluenceSimulator.start({ deployment: 'cloud', token: CANARY, email: EMAIL })
  confluence.world.createSpace({ key: 'DEV' })
  confluence.world.createPage({ space: 'DEV', title: 'A page', body: '<p>Its text.</p>' })
  const jira = await JiraSimulator.start({ deployment: 'cloud', token: CANARY, email: EMAIL })
  jira.world.createIssue(jira.world.createProject('DEV').id, { summary: 'An issue' })
  const git = await GitSimulator.start(path.join(world.folder, 'repository'))
  const embedder = await EmbedderSimulator.start()
  const qdrant = await QdrantSimulator.start({ apiKey: CANARY })
  const site = await SiteSimulator.start()
  site.world.createPage('/', { blocks: [{ kind: 'paragraph', text: 'The start.' }] })
  open.push(site, confluence, jira, git, embedder, qdrant)
  const atlassian = `email: ${EMAIL}, token: "\${CANARY}", deployment_type: cloud`
  targets.set('Confluence', {
    server: new Repeater(confluence),
    user: EMAIL,
    yaml: `global: { ${HASH} }\nsources: { confluence: { docs: { base_url: "${confluence.url}", space_key: DEV, ${atlassian} } } }`,
    oneDocument: (requested) => /body|attachments|comments/.test(requested),
  })
  targets.set('Jira', {
    server: new Repeater(jira),
    user: EMAIL,
    yaml: `global: { ${HASH} }\nsources: { jira: { issues: { base_url: "${jira.url}", project_key: DEV, ${atlassian} } } }`,
    oneDocument: (requested) => /bulkfetch|comment/.test(requested),
  })
  targets.set('Git', {
    server: new Repeater(git),
    user: 'x-access-token',
    yaml: `global: { ${HASH} }\nsources: { git: { docs: { base_url: "${git.url}", token: "\${CANARY}" } } }`,
    oneDocument: (requested) => requested.includes('git-upload-pack') && requested.startsWith('POST'),
  })
  const pages = new Repeater(site)
  const crawled = `base_url: "${site.url}/", allow_private_networks: true, requests_per_minute: 60000`
  targets.set('a site', {
    server: pages,
    user: EMAIL,
    yaml: `global: { ${HASH} }\nsources: { public-docs: { manual: { ${crawled}, auth: { username: ${EMAIL}, password: "\${CANARY}" } } } }`,
    oneDocument: (requested) => requested === 'GET /',
  })
  targets.set('a site with a token', {
    server: pages,
    yaml: `global: { ${HASH} }\nsources: { public-docs: { manual: { ${crawled}, auth: { token: "\${CANARY}" } } } }`,
  })
  targets.set('a site with a header of its own', {
    server: pages,
    yaml: `global: { ${HASH} }\nsources: { public-docs: { manual: { ${crawled}, headers: { Cookie: "session=\${CANARY}" } } } }`,
  })
  targets.set('the embeddings server', {
    server: new Repeater(embedder),
    yaml: `global: { embedding: { provider: openai, base_url: "${embedder.url}", model: m, dimensions: 16, api_key: "\${CANARY}" } }\nsources: { ${PROBE} }`,
    oneDocument: (_, body) => body.includes('The text of two'),
  })
  targets.set('Qdrant', {
    server: new Repeater(qdrant),
    yaml: `global: { ${HASH}, qdrant: { url: "${qdrant.url}", api_key: "\${CANARY}" } }\nsources: { ${PROBE} }`,
    oneDocument: (requested) => requested.startsWith('PUT') && requested.includes('/points?'),
  })
})
afterAll(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** Runs what a user would run, and returns where a part of the secret is. */
async function leaks({ yaml, user }: Target, secret = CANARY): Promise<string[]> {
  const kept = `run-${(runs += 1)}`
  const more = `state_management: { database_path: ./${kept}/state.db }, logging: { level: debug, file: ./${kept}/log }, retry: { attempts: 0 }`
  world.configure(yaml.replace('global: { ', `global: { ${more}, `))
  const surroundings = { env: { CANARY: secret } }
  const parts = partsOf(formsFor(user))
  const outputs = new Map<string, string | Buffer>()
  for (const words of [['sync', '--log-level', 'debug'], ['sync', '--json'], ['doctor'], ['history', '--json'], ['failures', '--json']]) {
    const { stdout, stderr } = await world.run(words, surroundings)
    outputs.set(`stdout of ${words.join(' ')}`, stdout)
    outputs.set(`stderr of ${words.join(' ')}`, stderr)
  }
  const folder = path.join(world.folder, kept)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, name)
    if (statSync(file).isFile()) outputs.set(name, readFileSync(file))
  }
  expect([...outputs.keys()]).toEqual(expect.arrayContaining(['state.db', 'log']))
  return [...outputs].flatMap(([name, text]) => parts.filter((part) => text.includes(part)).map((part) => `${name}: ${part}`))
}

describe.each(['Confluence', 'Jira', 'Git', 'a site', 'the embeddings server', 'Qdrant'])('J2, hostile H7: a secret that %s repeats in', (name) => {
  test.each(Object.entries(CASES))('%s is found nowhere, nor 8 characters of any form of it', async (_, { place, text = (forms) => forms.join(' '), oneDocument }) => {
    const target = targets.get(name)
    if (target === undefined) throw new Error(`there is no target ${name}`)
    Object.assign(target.server, { place, text: text(formsFor(target.user)) })
    for (const repeats of [() => true, ...(oneDocument === true && target.oneDocument !== undefined ? [target.oneDocument] : [])]) {
      Object.assign(target.server, { repeats, repeated: 0 })
      expect(await leaks(target)).toEqual([])
      expect(target.server.repeated).toBeGreaterThan(0)
    }
  })
})

test('J2: the word of a Git server (an ERR line, which git prints) is redacted before it is cut', async () => {
  const target = targets.get('Git')
  if (target === undefined) throw new Error('there is no target Git')
  target.server.repeats = () => true
  const forms = formsFor(target.user)
  for (const text of [forms.join(' '), acrossLimits(forms), cutByTheServer(forms)]) {
    target.server.place = (response) => {
      const lines = ['# service=git-upload-pack\n', '', `ERR ${text.slice(0, 900)}\n`]
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' })
      response.end(lines.map((line) => (line === '' ? '0000' : `${(Buffer.byteLength(line) + 4).toString(16).padStart(4, '0')}${line}`)).join(''))
    }
    expect(await leaks(target)).toEqual([])
  }
})

test.each(['a site', 'a site with a token', 'a site with a header of its own'])('J2: a page of %s that shows its request is not indexed, and its ETag is not kept', async (name) => {
  const target = targets.get(name)
  if (target === undefined) throw new Error(`there is no target ${name}`)
  target.server.repeats = (requested) => requested === 'GET /'
  target.server.text = formsFor(target.user).join(' ')
  target.server.place = (response, text) => {
    response.writeHead(200, { 'content-type': 'text/html', etag: `"${inHeader(text).replaceAll('"', '')}"` })
    response.end(`<html><title>A page</title><main><h1>A page</h1><p>The request had ${text}, and it is long enough to be the main text of a page.</p></main></html>`)
  }
  expect(await leaks(target)).toEqual([])
})

test('J2: a document that repeats the secret is not indexed; and the test finds a secret where there is one', async () => {
  const target = targets.get('Git')
  if (target === undefined) throw new Error('there is no target Git')
  target.server.repeats = () => false
  world.commit({ 'leak.md': `# Leak\n\nThe text says ${CANARY}.\n` })
  expect(await leaks(target)).toEqual([])
  expect((await leaks(target, 'another secret')).length).toBeGreaterThan(0)
})
