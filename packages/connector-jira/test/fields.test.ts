import { expect, it } from 'vitest'
import { JiraStage, metadataOf, textOf } from './jira-stage.ts'

it.each(['cloud', 'datacenter'] as const)('J7: Request Type and other values of apps are in the payload, on %s', async (deployment) => {
  await using stage = await JiraStage.start(deployment, { extra_fields: ['Request Type', 'Satisfaction'] })
  const requestType = { _links: { self: 'https://…' }, requestType: { id: '12', name: 'Get IT help' }, currentStatus: { status: 'Open' } }
  const id = stage.issue({ custom: { customfield_10010: { json: requestType }, customfield_10045: { json: { rating: 5 } } } })
  await stage.host.sync()
  expect(metadataOf(stage.host, id)['fields']).toEqual({ 'Request Type': 'Get IT help', Satisfaction: { rating: 5 } })
})

it.each(['cloud', 'datacenter'] as const)('J16: content_fields are sections, whatever Jira calls their type, on %s', async (deployment) => {
  await using stage = await JiraStage.start(deployment, { content_fields: ['Checklist', 'Acceptance criteria'], extra_fields: 'Customer' })
  const id = stage.issue({ custom: { customfield_10044: 'Milk\nhoney', customfield_10032: '- one\n- two', customfield_10031: 'ACME' } })
  await stage.host.sync()
  expect(textOf(stage.host, id)).toBe('# A summary\n\n## Checklist\n\nMilk\nhoney\n\n## Acceptance criteria\n\n- one\n- two\n\n## Customer\n\nACME\n')
  expect(metadataOf(stage.host, id)['fields']).toBeUndefined()
})
