import { describe, expect, it } from 'vitest'
import { deploymentOf, JiraConfig } from './config.ts'

const CLOUD = { base_url: 'https://example.atlassian.net', project_key: 'ABC', email: 'me@example.com', token: 't' }
const OWN = { base_url: 'https://jira.example.com/jira/', project_key: 'ABC', token: 't' }

function problems(config: unknown): readonly string[] {
  const parsed = JiraConfig.safeParse(config)
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
}

describe('the configuration', () => {
  it('takes one value or a list, and fills in what is left out', () => {
    expect(JiraConfig.parse({ ...CLOUD, extra_fields: 'Severity' })).toMatchObject({
      project_key: ['ABC'],
      extra_fields: ['Severity'],
      include_comments: false,
    })
    expect(JiraConfig.parse({ ...CLOUD, project_key: ['abc', 'Xyz'] }).project_key).toEqual(['ABC', 'XYZ'])
    expect(JiraConfig.parse(OWN).base_url).toBe('https://jira.example.com/jira')
  })

  it('knows hosts of Atlassian, and believes `deployment_type` more', () => {
    expect(deploymentOf(CLOUD)).toBe('cloud')
    expect(deploymentOf({ base_url: 'https://api.atlassian.com/ex/jira/1' })).toBe('cloud')
    expect(deploymentOf(OWN)).toBe('datacenter')
    expect(deploymentOf({ base_url: 'https://atlassian.net.example.com' })).toBe('datacenter')
    expect(deploymentOf({ ...OWN, deployment_type: 'cloud' })).toBe('cloud')
  })

  it.each([
    [{ ...CLOUD, base_url: 'example.atlassian.net' }, 'base_url must be a URL'],
    [{ ...CLOUD, base_url: 'ftp://example.com' }, 'base_url must start with https://'],
    [{ ...CLOUD, base_url: 'https://me:secret@example.com', deployment_type: 'cloud' }, 'base_url must not hold a user'],
    [{ ...CLOUD, base_url: 'https://example.atlassian.net/?x=1' }, 'base_url must end with the path'],
    [{ ...CLOUD, project_key: undefined }, 'project_key is missing'],
    [{ ...CLOUD, jql: 'project = ABC' }, 'jql cannot stand beside `project_key`'],
    [{ ...CLOUD, project_key: 'A B' }, 'project_key "A B" must be a project key'],
    [{ ...CLOUD, email: undefined }, 'email is missing'],
    [{ ...CLOUD, token: undefined }, 'token is missing'],
    [{ ...OWN, email: 'me@example.com' }, 'email is for Jira Cloud'],
    [{ ...CLOUD, token: 'two\nlines' }, 'token must be one line'],
    [{ ...CLOUD, requests_per_minute: 0 }, 'requests_per_minute'],
  ])('says what is wrong with %o', (config, problem) => {
    expect(problems(config).join('; ')).toContain(problem)
  })

  it('reads what everybody may see without a token', () => {
    expect(problems({ base_url: 'https://issues.example.org/jira', project_key: 'ABC' })).toEqual([])
  })
})
