import { afterEach, expect, it } from 'vitest'
import { basicAuth } from '../base/answer.ts'
import { run } from './run.ts'

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close()
})

async function start(...words: string[]): Promise<string> {
  const simulator = await run(['--port', '0', '--issues', '3', '--deployment', 'datacenter', ...words])
  running.push(simulator.server)
  return simulator.server.url
}

async function ask(url: string, path: string, body?: object): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  const headers = { authorization: 'Bearer the-token', 'content-type': 'application/json' }
  const response = await fetch(`${url}${path}`, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const search = (jql: string, more: object = {}) => ({ jql, fields: ['summary'], ...more })

it('--unservable names issues that make every bulk read a 500, and no listing', async () => {
  const url = await start('--unservable', '2')
  expect((await ask(url, '/rest/api/2/search', search('project = DEMO'))).status).toBe(500)
  expect((await ask(url, '/rest/api/2/search', search('key = DEMO-1'))).status).toBe(200)
  expect((await ask(url, '/rest/api/2/issue/DEMO-2?fields=summary')).status).toBe(500)
  expect((await ask(url, '/rest/api/2/search', { jql: 'project = DEMO', fields: ['updated'] })).status).toBe(200)
})

it('--unservable-rows makes listings fail with them that show a field', async () => {
  const url = await start('--unservable', '2', '--unservable-rows')
  expect((await ask(url, '/rest/api/2/search', { jql: 'project = DEMO', fields: ['updated'] })).status).toBe(500)
  expect((await ask(url, '/rest/api/2/search', { jql: 'project = DEMO', fields: ['id'] })).status).toBe(200)
})

it('--down answers 503', async () => {
  expect((await ask(await start('--down'), '/rest/api/2/serverInfo')).status).toBe(503)
})

it.each([['refused', 400], ['empty', 200]] as const)('--closed makes a project that may be seen and not browsed, and --closed-projects %s its query', async (how, status) => {
  const url = await start('--closed', 'SEEN', '--closed-projects', how)
  expect((await ask(url, '/rest/api/2/project/SEEN')).status).toBe(200)
  expect((await ask(url, '/rest/api/2/mypermissions?projectKey=SEEN')).text).toContain('"havePermission":false')
  expect((await ask(url, '/rest/api/2/search', search('project = SEEN'))).status).toBe(status)
})

it.each([
  ['named', 200, true, 400],
  ['silent', 200, false, 400],
  ['strict', 400, true, 400],
] as const)('--missing-ids %s', async (how, lax, named, strict) => {
  const url = await start('--missing-ids', how)
  const answer = await ask(url, '/rest/api/2/search', search('id in (1, 2)', { validateQuery: false }))
  expect([answer.status, answer.text.includes("'1'")]).toEqual([lax, named])
  expect((await ask(url, '/rest/api/2/search', search('id in (1, 2)', { validateQuery: true }))).status).toBe(strict)
})

it('--sign-in captcha and scoped-token keep everybody out', async () => {
  expect((await ask(await start('--sign-in', 'captcha'), '/rest/api/2/myself')).headers.get('x-authentication-denied-reason')).toContain('CAPTCHA_CHALLENGE; login-url=')
  expect((await ask(await start('--sign-in', 'scoped-token'), '/rest/api/2/myself')).status).toBe(401)
})

it.each([
  ['zero', '0'],
  ['none', null],
  ['seconds', '60'],
] as const)('--bucket answers 429 beyond its size, with --retry-after %s', async (retryAfter, header) => {
  const url = await start('--bucket', '1/60', '--retry-after', retryAfter)
  expect((await ask(url, '/rest/api/2/serverInfo')).status).toBe(200)
  const { status, headers } = await ask(url, '/rest/api/2/serverInfo')
  expect([status, headers.get('retry-after'), headers.get('x-ratelimit-interval-seconds'), headers.get('x-ratelimit-remaining')]).toEqual([429, header, '60', '0'])
})

it('--rows-with-field caps the rows of a page that have a field, and not bare ids', async () => {
  const { server: simulator, configuration } = await run(['--port', '0', '--issues', '9', '--rows-with-field', '4'])
  running.push(simulator)
  expect(configuration).toContain(`base_url: ${simulator.url}\n      deployment_type: cloud\n      project_key: DEMO\n      email: reader@example.com`)
  const headers = { authorization: basicAuth('reader@example.com', 'the-token'), 'content-type': 'application/json' }
  const rows = async (fields: readonly string[]): Promise<number> => {
    const response = await fetch(`${simulator.url}/rest/api/3/search/jql`, { method: 'POST', headers, body: JSON.stringify({ jql: 'project = DEMO', fields, maxResults: 5_000 }) })
    return ((await response.json()) as { issues: unknown[] }).issues.length
  }
  expect([await rows(['updated']), await rows(['id'])]).toEqual([4, 9])
})

it.each([
  [['--missing-ids', 'sometimes'], '--missing-ids is named or silent'],
  [['--unservable', '9'], 'there is no issue DEMO-9'],
  [['--bucket', 'many'], '--bucket needs a number'],
])('words that make no sense are told: %s', async (words, said) => {
  await expect(start(...words)).rejects.toThrow(said)
})
