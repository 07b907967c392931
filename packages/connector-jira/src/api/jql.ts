import { jiraError } from '../codes.ts'

/** A string as JQL writes it. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')}"`
}

/** `field in (...)`, with values that are quoted. */
export function isOneOf(field: string, values: readonly string[]): string {
  return `${field} in (${values.map(quoted).join(', ')})`
}

/** Conditions that all hold, in an order that keeps still while its pages are read. */
export function ordered(conditions: readonly string[], order: string): string {
  return `${conditions.join(' AND ')} ORDER BY ${order}`
}

/**
 * A user's query without its ORDER BY, in brackets. The order is ours: pages are read in it.
 *
 * @throws LoaderError when nothing is left, or a quote or bracket is not closed: then our own conditions would not hold.
 */
export function withoutOrder(jql: string): string {
  const outside = outsideQuotes(jql)
  const order = /\border\s+by\b/i.exec(outside)
  const query = (order === null ? jql : jql.slice(0, order.index)).trim()
  const brackets = (order === null ? outside : outside.slice(0, order.index)).replace(/[^()]/g, '')
  if (query === '') throw jiraError('jira_bad_jql', { problem: 'it only sorts; add a condition' })
  if (!balanced(brackets)) throw jiraError('jira_bad_jql', { problem: 'a bracket is not closed, or closes nothing' })
  return `(${query})`
}

/** The query with each quoted character replaced, so that positions stay. */
function outsideQuotes(jql: string): string {
  let quote = ''
  let outside = ''
  for (let at = 0; at < jql.length; at += 1) {
    const sign = jql[at] as string
    if (quote !== '' && sign === '\\') {
      outside += '  '
      at += 1
    } else if (quote !== '') {
      if (sign === quote) quote = ''
      outside += ' '
    } else if (sign === '"' || sign === "'") {
      quote = sign
      outside += '_'
    } else outside += sign
  }
  if (quote !== '') throw jiraError('jira_bad_jql', { problem: 'a quote is not closed' })
  return outside
}

function balanced(brackets: string): boolean {
  let open = 0
  for (const bracket of brackets) {
    open += bracket === '(' ? 1 : -1
    if (open < 0) return false
  }
  return open === 0
}
