/** Whether an answer reads an issue: one with fields, with `rows` any, otherwise beyond what the search index has. */
export function holdsIssue(body: string, id: string, rows: boolean): boolean {
  if (!body.includes(`"${id}"`)) return false
  const answer = JSON.parse(body) as { readonly id?: unknown; readonly fields?: object; readonly issues?: readonly { readonly id?: unknown; readonly fields?: object }[] }
  const issues = Array.isArray(answer.issues) ? answer.issues : [answer]
  return issues.some((issue) => issue.id === id && Object.keys(issue.fields ?? {}).some((name) => rows || name !== 'updated'))
}
