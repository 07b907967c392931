import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { describe, expect, it } from 'vitest'
import { isOneOf, ordered, withoutOrder } from './jql.ts'

describe('a query of the user', () => {
  it.each([
    ['project = ABC', '(project = ABC)'],
    ['project = ABC ORDER BY created DESC', '(project = ABC)'],
    ['project = ABC order  by created', '(project = ABC)'],
    ['summary ~ "order by me" ORDER BY key', '(summary ~ "order by me")'],
    [`summary ~ 'it\\'s (open' AND (a = 1 OR b = 2)`, `(summary ~ 'it\\'s (open' AND (a = 1 OR b = 2))`],
    ['labels = border AND x = by', '(labels = border AND x = by)'],
  ])('%s stands in brackets, without its order', (jql, expected) => {
    expect(withoutOrder(jql)).toBe(expected)
  })

  it.each(['ORDER BY key', 'a = 1) OR (b = 2', '(a = 1', 'a = "open', `a = 'open`])('%s is refused', (jql) => {
    expect(() => withoutOrder(jql)).toThrow(expect.toSatisfy((error: unknown) => isLoaderError(error) && error.code === 'jira_bad_jql'))
  })

  it('has its values quoted', () => {
    expect(ordered([isOneOf('status', ['In "Progress"', 'a\\b']), 'updated >= 5'], 'id ASC')).toBe(
      'status in ("In \\"Progress\\"", "a\\\\b") AND updated >= 5 ORDER BY id ASC',
    )
  })
})
