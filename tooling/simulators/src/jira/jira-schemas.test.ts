import * as jiraJs from 'jira.js/cloud'
import type { Client } from 'jira.js/core'
import { expect, test } from 'vitest'
import { askJira } from './ask-jira.ts'
import { CUSTOM_FIELDS } from './fields.ts'
import { JiraSimulator } from './jira-simulator.ts'

test('answers pass the schemas of jira.js', async () => {
  await using jira = await JiraSimulator.start()
  const { world } = jira
  const project = world.createProject('ABC')
  const sprint = world.createNamed('sprints', 'Sprint 1').id
  const version = world.createNamed('versions', '1.0', project.id).id
  const parent = world.createIssue(project.id, { type: 'Epic' }).id
  const { id } = world.createIssue(project.id, { description: '# Text', parent, fixVersions: [version], due: '2026-03-01', assignee: world.actor })
  world.editIssue(id, {
    custom: { customfield_10020: [sprint], customfield_10034: 5, customfield_10035: world.actor, customfield_10036: [world.actor], customfield_10041: version },
  })
  world.link(id, parent)
  world.addComment(id, 'A comment.')
  // As the library's own transport, which parses; it is not told of a base URL here.
  const client = {
    async sendRequest({ url, method, body, searchParams, schema }: Parameters<Client['sendRequest']>[0]) {
      const query = new URLSearchParams()
      for (const [name, value] of Object.entries(searchParams ?? {})) {
        for (const one of [value].flat()) if (one !== undefined) query.append(name, String(one))
      }
      const asked = await askJira(jira, method === 'POST' ? 'POST' : 'GET', `${url}?${query}`.replace(/\?$/, ''), body)
      expect([url, asked.status]).toEqual([url, 200])
      return schema === undefined ? asked.data : schema.parse(asked.data)
    },
  } as Client
  const fields = ['*all']
  await jiraJs.searchAndReconsileIssuesUsingJql(client, { jql: 'project = ABC', fields, maxResults: 10 })
  await jiraJs.searchAndReconsileIssuesUsingJqlPost(client, { jql: 'project = ABC', fields, reconcileIssues: [Number(id)] })
  const { issues } = await jiraJs.bulkFetchIssues(client, { issueIdsOrKeys: [id, parent], fields })
  expect(Object.keys(issues?.[1]?.fields ?? {})).toEqual(expect.arrayContaining(CUSTOM_FIELDS.map((field) => field.id)))
  await jiraJs.getBulkChangelogs(client, { issueIdsOrKeys: [id] })
  await jiraJs.getComments(client, { issueIdOrKey: id, startAt: 0, maxResults: 10, orderBy: 'created' })
  await jiraJs.getIssue(client, { issueIdOrKey: id })
  await jiraJs.getFields(client)
  await jiraJs.searchProjects(client, { keys: ['ABC'], action: 'browse', maxResults: 50 })
  await jiraJs.getProject(client, { projectIdOrKey: 'ABC' })
  await jiraJs.getMyPermissions(client, { permissions: 'BROWSE_PROJECTS', projectId: project.id })
  await jiraJs.getCurrentUser(client)
  await jiraJs.getServerInfo(client)
  await jiraJs.countIssues(client, { jql: 'project = ABC' })
  expect(jira.violations).toEqual([])
})
