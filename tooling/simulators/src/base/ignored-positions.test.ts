import { expect, it } from 'vitest'
import { basicAuth } from './answer.ts'
import { JiraSimulator } from '../jira/index.ts'
import { ignoredPositions } from './ignored-positions.ts'

it('shows the first page again and again, whatever position is asked for', async () => {
  await using jira = await JiraSimulator.start({ pageLimits: { ids: 2 } })
  const project = jira.world.createProject('DOCS').id
  for (const summary of ['one', 'two', 'three']) jira.world.createIssue(project, { summary })
  const authorization = basicAuth(jira.email, jira.token)
  const page = async (token?: string) => {
    const body = JSON.stringify({ jql: 'project = DOCS', fields: ['id'], maxResults: 100, ...(token !== undefined && { nextPageToken: token }) })
    const answer = await fetch(`${jira.url}/rest/api/3/search/jql`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body })
    return (await answer.json()) as { issues: { id: string }[]; nextPageToken?: string }
  }
  const first = await page()
  expect((await page(first.nextPageToken)).issues).toHaveLength(1)
  jira.byHand = ignoredPositions('nextPageToken')
  const again = await page(first.nextPageToken)
  expect(again.issues).toEqual(first.issues)
  expect(again.nextPageToken).toBeDefined()
  expect(jira.violations).toEqual([])
})
