import type { JiraIssue, JiraSimulator, RichText } from '@qdrant-loader/simulators'
import { expect } from 'vitest'
import type { ExportedPoint } from '../sync-bench.ts'

/** What a configuration selects, told a second time, so that it owes nothing to the connector. */
export interface Selected {
  readonly projectKeys: readonly string[]
  readonly types?: readonly string[]
  readonly statuses?: readonly string[]
  readonly label?: string
  readonly comments: boolean
  /** Ids of custom fields whose text is searched. */
  readonly textFields: readonly string[]
}

/** Issues that a clean build has to hold: existing, selected, and shown to us. */
export function selectedIssues(jira: JiraSimulator, selected: Selected, { lostProjectsToo = false } = {}): ReadonlyMap<string, JiraIssue> {
  const { world } = jira
  const found = [...world.issues.values()].filter((issue) => {
    const project = world.project(issue.projectId)
    return (
      [project.key, ...project.formerKeys].some((key) => selected.projectKeys.includes(key)) &&
      ((project.visible && project.browsable && !project.archived) || lostProjectsToo) &&
      !issue.hidden &&
      (selected.types?.includes(issue.type) ?? true) &&
      (selected.statuses?.includes(issue.status) ?? true) &&
      (selected.label === undefined || issue.labels.includes(selected.label))
    )
  })
  return new Map(found.map((issue) => [issue.id, issue]))
}

/** Ids of the documents that points belong to. */
export function documentsOf(points: readonly ExportedPoint[]): ReadonlySet<string> {
  return new Set(points.map(({ payload }) => payload.document_id))
}

/** Exactly the selected issues, no line of their text missing, and the state of each in the payload, by the names of today. */
export function expectWorld(points: readonly ExportedPoint[], jira: JiraSimulator, selected: Selected, where: string): void {
  const expected = selectedIssues(jira, selected)
  expect([...documentsOf(points)].sort(), `${where}: documents`).toEqual([...expected.keys()].sort())
  for (const issue of expected.values()) {
    expectIssue(points, issue, jira, selected, where)
    expectNames(points, issue, jira, where)
  }
}

/** One issue is there with all its text. */
export function expectIssue(points: readonly ExportedPoint[], issue: JiraIssue, jira: JiraSimulator, selected: Selected, where: string): void {
  const own = points.filter(({ payload }) => payload.document_id === issue.id).toSorted((a, b) => a.payload.chunk_index - b.payload.chunk_index)
  const key = jira.world.keyOf(issue)
  expect(own.length, `${where}: points of ${key}`).toBeGreaterThan(0)
  const content = flat([...own.map(({ payload }) => payload.content), ...own.flatMap(({ payload }) => payload.heading_path)].join('\n'))
  for (const line of linesOf(issue, selected)) expect(content, `${where}: ${key} lacks a line`).toContain(flat(line))
  for (const { payload } of own) {
    expect(payload.metadata['key'], where).toBe(key)
    expect(payload.url, where).toBe(`${jira.url}/browse/${key}`)
  }
}

/** What belongs to others is called in the payload as they are called. */
function expectNames(points: readonly ExportedPoint[], issue: JiraIssue, { world }: JiraSimulator, where: string): void {
  const nameOf = (person: string | undefined) => (person === undefined ? undefined : world.people.get(person)?.displayName)
  for (const { payload } of points.filter((point) => point.payload.document_id === issue.id)) {
    const { status, priority, issue_type, assignee, reporter } = payload.metadata
    expect({ status, priority, issue_type, assignee, reporter }, `${where}: ${world.keyOf(issue)}`).toEqual({
      status: world.names.of('status', issue.status),
      priority: world.names.of('priority', issue.priority),
      issue_type: world.names.of('issuetype', issue.type),
      assignee: nameOf(issue.assignee),
      reporter: nameOf(issue.reporter),
    })
  }
}

function linesOf(issue: JiraIssue, { comments, textFields }: Selected): readonly string[] {
  const custom = textFields.map((id) => issue.custom.get(id)).filter((value) => typeof value === 'string')
  const said = comments ? issue.comments.filter(({ restricted }) => !restricted).map(({ body }) => body) : []
  return [issue.summary, issue.description, ...custom, ...said].flatMap(lines)
}

function lines(text: RichText | undefined): readonly string[] {
  if (typeof text !== 'string') return []
  return text.split('\n').map(words).filter((line) => line !== '')
}

/** A line without its marks, and without the name or key of another that it begins with. */
function words(line: string): string {
  return line.replace(/^(?:#+ |- |```\w*|\[~\w+\] |See [A-Z]+-\d+ )/, '').replace(/ \([/x]\)$/, '').replace(/^!(\S+)\|thumbnail!$/, '$1')
}

function flat(text: string): string {
  return text.replace(/\\([-!-/:-@[-`{-~])/g, '$1').replace(/\s+/g, ' ')
}
