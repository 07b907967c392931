import type { JiraWorld } from './jira-world.ts'
import type { Comment, Field, FieldValue, Issue, Person } from './model.ts'
import { ISSUE_TYPES, LINK_TYPES, PRIORITIES, STATUSES } from './model.ts'
import type { JiraQuirks } from './quirks.ts'
import { escaped, type Mentions, toAdf, toHtml, toWiki } from './rich-text.ts'

/** Comments, worklogs and histories inside an issue stop here. */
export const INLINE_LIMIT = 20

/** How one deployment writes issues. */
export interface Representation {
  readonly world: JiraWorld
  readonly cloud: boolean
  /** Origin and context path, as it stands in `self`. */
  readonly baseUrl: string
  readonly zoneMinutes: number
  readonly quirks: JiraQuirks
}

/** `2026-01-02T03:04:05.678+0200`: no colon in the offset. */
export function timeText(ms: number, zoneMinutes: number): string {
  const sign = zoneMinutes < 0 ? '-' : '+'
  const two = (value: number): string => String(Math.trunc(Math.abs(value))).padStart(2, '0')
  return `${new Date(ms + zoneMinutes * 60_000).toISOString().slice(0, -1)}${sign}${two(zoneMinutes / 60)}${two(zoneMinutes % 60)}`
}

/** Path of the REST interface of a deployment. */
export function api({ cloud, baseUrl }: Pick<Representation, 'cloud' | 'baseUrl'>): string {
  return `${baseUrl}/rest/api/${cloud ? 3 : 2}`
}

/** A person, as fields and comments name them. */
export function person(id: string | undefined, as: Representation): object | null {
  const found = id === undefined ? undefined : as.world.people.get(id)
  if (found === undefined) return null
  const { displayName, active } = found
  const common = { displayName, active, timeZone: 'Etc/UTC', avatarUrls: { '48x48': `${as.baseUrl}/avatar/${found.id}.png` } }
  if (as.cloud) return { self: `${api(as)}/user?accountId=${found.id}`, accountId: found.id, accountType: 'atlassian', ...common }
  const name = signInName(found)
  return { self: `${api(as)}/user?username=${name}`, name, key: `JIRAUSER${found.id}`, emailAddress: found.email, ...common }
}

/** The name to sign in with, on Data Center. It stays when the display name changes. */
export function signInName({ email, id }: Person): string {
  return email?.split('@')[0] ?? id
}

function mentionsAs({ world, cloud, quirks: { mentions } }: Representation): Mentions {
  return (id) => {
    const found = world.people.get(id)
    if (found === undefined) return undefined
    return cloud
      ? { id, name: { live: found.displayName, 'as-written': found.firstName, 'without-text': '' }[mentions] }
      : { id: signInName(found), name: found.displayName }
  }
}

/** A project, as fields name it. */
export function projectRef(id: string, as: Representation): object {
  const { key, name } = as.world.project(id)
  return { self: `${api(as)}/project/${id}`, id, key, name, projectTypeKey: 'software', ...(as.cloud ? { simplified: false } : {}) }
}

const CATEGORIES = {
  new: { id: 2, name: 'To Do' },
  indeterminate: { id: 4, name: 'In Progress' },
  done: { id: 3, name: 'Done' },
} as const

function status(name: string, as: Representation): object {
  const { id = '0', category = 'new' } = STATUSES[name] ?? {}
  return { self: `${api(as)}/status/${id}`, id, name: as.world.names.of('status', name), description: '', statusCategory: { key: category, ...CATEGORIES[category] } }
}

function issueType(name: string, as: Representation): object {
  const { id = '0', subtask = false } = ISSUE_TYPES[name] ?? {}
  return { self: `${api(as)}/issuetype/${id}`, id, name: as.world.names.of('issuetype', name), description: '', subtask, ...(as.cloud ? { hierarchyLevel: subtask ? -1 : 0 } : {}) }
}

function priority(name: string, as: Representation): object {
  return { self: `${api(as)}/priority/${PRIORITIES[name]}`, id: PRIORITIES[name] ?? '0', name: as.world.names.of('priority', name) }
}

/** An issue as its neighbours show it: with data that changes without them. */
function neighbour(id: string, as: Representation): object | null {
  const issue = as.world.issues.get(id)
  if (issue === undefined || !as.world.canSee(issue)) return null
  return {
    id,
    key: as.world.keyOf(issue),
    self: `${api(as)}/issue/${id}`,
    fields: {
      summary: issue.summary,
      status: status(issue.status, as),
      priority: priority(issue.priority, as),
      issuetype: issueType(issue.type, as),
    },
  }
}

function links(issue: Issue, as: Representation): readonly object[] {
  return as.world.linksOf(issue.id).flatMap((link) => {
    const outward = link.from === issue.id
    const other = neighbour(outward ? link.to : link.from, as)
    if (other === null) return []
    const { id: typeId = '0', inward = '', outward: out = '' } = LINK_TYPES[link.type] ?? {}
    const ways = { inward: as.world.names.of('link', inward), outward: as.world.names.of('link', out) }
    const type = { id: typeId, name: link.type, ...ways, self: `${api(as)}/issueLinkType/${typeId}` }
    return [{ id: link.id, self: `${api(as)}/issueLink/${link.id}`, type, [outward ? 'outwardIssue' : 'inwardIssue']: other }]
  })
}

function named(kind: 'versions' | 'components', ids: readonly string[], as: Representation): readonly object[] {
  const path = kind === 'versions' ? 'version' : 'component'
  return ids.flatMap((id) => {
    const found = as.world[kind].get(id)
    return found === undefined ? [] : [{ self: `${api(as)}/${path}/${id}`, id, name: found.name, ...(kind === 'versions' ? { archived: false, released: false } : {}) }]
  })
}

/** A page of comments; those that our credentials may not read are not even counted. */
export function commentPage(issue: Issue, startAt: number, limit: number, as: Representation, rendered = false): object {
  const visible = issue.comments.filter(({ restricted }) => !restricted)
  return {
    comments: visible.slice(startAt, startAt + limit).map((comment) => commentJson(issue, comment, as, rendered)),
    maxResults: limit,
    total: visible.length,
    startAt,
  }
}

function commentJson(issue: Issue, comment: Comment, as: Representation, rendered: boolean): object {
  return {
    self: `${api(as)}/issue/${issue.id}/comment/${comment.id}`,
    id: comment.id,
    author: person(comment.author, as),
    body: rich(comment.body, as),
    ...(rendered ? { renderedBody: html(comment.body, as) } : {}),
    updateAuthor: person(comment.author, as),
    created: timeText(comment.created, as.zoneMinutes),
    updated: timeText(comment.updated, as.zoneMinutes),
    ...(as.cloud ? { jsdPublic: true } : {}),
  }
}

function html(text: Parameters<typeof toHtml>[0], as: Representation): string {
  const link = (written: string): string | undefined => {
    const issue = as.world.find(written)
    if (issue === undefined) return undefined
    const key = as.quirks.keysInText === 'current' ? as.world.keyOf(issue) : written
    const anchor = `<a href="${as.baseUrl}/browse/${key}" title="${escaped(issue.summary)}" class="issue-link" data-issue-key="${key}">${key}</a>`
    return issue.resolution === undefined ? anchor : `<del>${anchor}</del>`
  }
  return toHtml(text, { link, mentions: mentionsAs(as), baseUrl: as.baseUrl, quirks: as.quirks })
}

function rich(text: Parameters<typeof toAdf>[0] | undefined, as: Representation): object | string | null {
  if (text === undefined) return null
  return as.cloud ? toAdf(text, mentionsAs(as)) : toWiki(text, mentionsAs(as))
}

/** The value of one field, as `fields` shows it. */
export function fieldJson(field: Field, issue: Issue, as: Representation): unknown {
  return field.custom ? customJson(field, issue.custom.get(field.id), as) : systemJson(field.id, issue, as)
}

function systemJson(id: string, issue: Issue, as: Representation): unknown {
  const time = (ms: number | undefined): string | null => (ms === undefined ? null : timeText(ms, as.zoneMinutes))
  switch (id) {
    case 'summary':
      return issue.summary
    case 'description':
    case 'environment':
      return rich(issue[id], as)
    case 'issuetype':
      return issueType(issue.type, as)
    case 'project':
      return projectRef(issue.projectId, as)
    case 'status':
      return status(issue.status, as)
    case 'priority':
      return priority(issue.priority, as)
    case 'resolution':
      return issue.resolution === undefined ? null : { self: `${api(as)}/resolution/1`, id: '1', name: as.world.names.of('resolution', issue.resolution), description: '' }
    case 'resolutiondate':
      return time(issue.resolved)
    case 'created':
    case 'updated':
      return time(issue[id])
    case 'duedate':
      return issue.due ?? null
    case 'assignee':
    case 'reporter':
    case 'creator':
      return person(issue[id], as)
    case 'labels':
      return issue.labels
    case 'components':
      return named('components', issue.components, as)
    case 'versions':
    case 'fixVersions':
      return named('versions', issue[id], as)
    case 'parent':
      return issue.parent === undefined ? undefined : (neighbour(issue.parent, as) ?? undefined)
    case 'subtasks':
      return as.world.children(issue.id).filter(({ type }) => type === 'Sub-task').map((child) => neighbour(child.id, as)).filter((child) => child !== null)
    case 'issuelinks':
      return links(issue, as)
    case 'comment':
      return commentPage(issue, 0, INLINE_LIMIT, as)
    case 'attachment':
      return []
    case 'worklog':
      return { startAt: 0, maxResults: INLINE_LIMIT, total: issue.worklogs, worklogs: [] }
    case 'watches':
      return { self: `${api(as)}/issue/${issue.id}/watchers`, watchCount: issue.watchers, isWatching: false }
    case 'votes':
      return { self: `${api(as)}/issue/${issue.id}/votes`, votes: 0, hasVoted: false }
    default:
      return null
  }
}

function customJson(field: Field, value: FieldValue | undefined, as: Representation): unknown {
  if (value === undefined) return null
  const list = (Array.isArray(value) ? value : [value]) as readonly string[]
  const option = (text: string): object => ({ self: `${api(as)}/customFieldOption/${idOf(text)}`, value: as.world.names.of('option', text), id: idOf(text) })
  switch (field.kind) {
    case 'rich':
      return rich(value as Parameters<typeof toAdf>[0], as)
    case 'datetime':
      return timeText(Number(value), as.zoneMinutes)
    case 'user':
      return person(list[0], as)
    case 'users':
      return list.map((id) => person(id, as))
    case 'option':
      return option(String(value))
    case 'options':
      return list.map(option)
    case 'cascade':
      return { ...option(list[0] ?? ''), ...(list[1] === undefined ? {} : { child: option(list[1]) }) }
    case 'version':
      return named('versions', list, as)[0] ?? null
    case 'versions':
    case 'components':
      return named(field.kind, list, as)
    case 'sprints':
      return list.map((id) => sprint(id, as))
    case 'issue':
      return issueLink(field, String(value), as)
    case 'json':
      return (value as { readonly json: unknown }).json
    default:
      return value
  }
}

/** Epic Link and Parent Link show a key, on Cloud the latter in a shell. Whether we may see the other issue does not matter. */
function issueLink(field: Field, id: string, as: Representation): unknown {
  const issue = as.world.issues.get(id)
  if (issue === undefined) return null
  const key = as.world.keyOf(issue)
  if (!as.cloud || field.type !== 'jpo-custom-field-parent') return key
  const nonEditableReason = { reason: 'EPIC_LINK_SHOULD_BE_USED', message: 'To set an epic as the parent, use the epic link instead' }
  return { hasEpicLinkFieldDependency: true, showField: true, nonEditableReason, data: { id: Number(id), key, summary: issue.summary } }
}

function sprint(id: string, as: Representation): object | string {
  const name = as.world.sprints.get(id)?.name ?? ''
  // Data Center prints the Java object.
  return as.cloud
    ? { id: Number(id), name, state: 'active', boardId: 1, goal: '' }
    : `com.atlassian.greenhopper.service.sprint.Sprint@5f${id}[id=${id},rapidViewId=1,state=ACTIVE,name=${name},goal=,sequence=${id}]`
}

function idOf(text: string): string {
  return String([...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 90_000, 7) + 10_000)
}

/** The value of one field, as `renderedFields` shows it: HTML for texts, times as people say them. */
export function renderedJson(field: Field, issue: Issue, as: Representation): unknown {
  const value = field.custom ? issue.custom.get(field.id) : field.id === 'description' || field.id === 'environment' ? issue[field.id] : undefined
  if (field.kind === 'rich' && field.id !== 'comment') return value === undefined ? (as.cloud ? null : '') : html(value as Parameters<typeof toHtml>[0], as)
  if (field.id === 'comment') {
    const visible = issue.comments.filter(({ restricted }) => !restricted)
    const comments = visible.slice(0, INLINE_LIMIT).map((comment) => ({
      ...commentJson(issue, comment, as, false),
      body: html(comment.body, as),
      created: spoken(comment.created, as),
      updated: spoken(comment.updated, as),
    }))
    return { comments, maxResults: INLINE_LIMIT, total: visible.length, startAt: 0 }
  }
  return field.id === 'created' || field.id === 'updated' ? spoken(issue[field.id], as) : null
}

/** Changes with the day, although nothing of the issue does. */
function spoken(ms: number, { world, zoneMinutes }: Representation): string {
  const clock = timeText(ms, zoneMinutes).slice(11, 16)
  const days = Math.floor((world.now() + zoneMinutes * 60_000) / 86_400_000) - Math.floor((ms + zoneMinutes * 60_000) / 86_400_000)
  return days === 0 ? `Today ${clock}` : days === 1 ? `Yesterday ${clock}` : new Date(ms).toDateString()
}
