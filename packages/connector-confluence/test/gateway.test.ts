import { HttpClient, JsonApi, ServerHealth } from '@qdrant-loader/http'
import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { expect, it } from 'vitest'
import { basicAuth } from '@qdrant-loader/simulators'
import { CloudApi } from '../src/api/cloud/cloud-api.ts'
import { ConfluenceHttp } from '../src/api/confluence-http.ts'
import { siteAt } from '../src/site/base-url.ts'
import { Stage } from './stage.ts'

it('the address of the site comes with the spaces, for tokens that have to use the gateway', async () => {
  await using stage = await Stage.open('cloud')
  const site = siteAt(stage.server.url, 'cloud')
  const authorization = basicAuth(stage.server.email, stage.server.token)
  const json = new JsonApi({ client: new HttpClient({ userAgent: 'test', network: 'any' }), baseUrl: site.apiUrl, headers: { authorization } })
  const told: string[] = []
  const api = new CloudApi({ http: new ConfluenceHttp({ json, site, signedIn: true }), onBodies: () => undefined, health: new ServerHealth({ probe: async () => undefined }), warn: () => undefined, onBase: (url) => told.push(url) })
  await api.spaces(['DEV'], new AbortController().signal)
  expect(told).toEqual([site.webUrl])
})

it('the gateway has the id of the site in its path', () => {
  expect(siteAt('https://api.atlassian.com/ex/confluence/some-id', 'cloud').apiUrl).toBe('https://api.atlassian.com/ex/confluence/some-id')
})

it('a token without a scope is told so, in the words of the server, and not called wrong', async () => {
  await using stage = await Stage.open('cloud')
  stage.server.faults.add({ kind: 'missing-scope' }, { route: '/blogposts' })
  const error = await loaderErrorOf(stage.sync())
  expect(error).toMatchObject({ code: 'confluence_forbidden', kind: 'auth', message: expect.stringContaining('scope does not match') })
  expect(error.hint).toContain('guide')
})
