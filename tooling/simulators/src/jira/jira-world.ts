import { CUSTOM_FIELDS, SYSTEM_FIELDS } from './fields.ts'
import { historyItem, type ItemNames } from './history.ts'
import type { ChangeItem, Comment, Field, FieldValue, Issue, Link, Named, Person, Project, RichText, SystemFields } from './model.ts'
import { SearchIndex } from './search-index.ts'
import { ShownNames } from './shown-names.ts'

/** Fields that an issue starts with, and those of an edit. Keys of `custom` are field ids. */
export interface IssueInput extends SystemFields {
  readonly custom?: Readonly<Record<string, FieldValue | undefined>>
}

/** One Jira site, as its people see it. Every change is made here; HTTP only reads. */
export class JiraWorld {
  readonly projects = new Map<string, Project>()
  readonly people = new Map<string, Person>()
  readonly versions = new Map<string, Named>()
  readonly components = new Map<string, Named>()
  readonly sprints = new Map<string, Named>()
  readonly issues = new Map<string, Issue>()
  readonly links = new Map<string, Link>()
  readonly fields: Field[] = [...SYSTEM_FIELDS, ...CUSTOM_FIELDS]
  readonly index = new SearchIndex()
  readonly names = new ShownNames()
  readonly #keys = new Map<string, string>()
  readonly #linksOf = new Map<string, Set<string>>()
  /** Ids of what was below an issue once. */
  readonly #children = new Map<string, Set<string>>()
  /** The server's clock, in milliseconds since the epoch. */
  now: () => number
  /** Who does what follows. */
  actor: string
  #lastId = 10_000

  constructor(now: () => number) {
    this.now = now
    this.actor = this.createPerson('Ada Lovelace').id
  }

  createProject(key: string, name = `Project ${key}`): Project {
    const project: Project = { id: this.#id(), key, name, formerKeys: [], visible: true, browsable: true, archived: false, nextNumber: 1 }
    this.projects.set(project.id, project)
    return project
  }

  /** The old key goes on to lead to the project and its issues, none of which is touched. */
  renameProject(id: string, key: string): void {
    const project = this.project(id)
    project.formerKeys.push(project.key)
    project.key = key
  }

  createPerson(displayName: string): Person {
    const id = `5b10a2844c20165700ede${this.people.size.toString().padStart(3, '0')}`
    const person: Person = { id, displayName, firstName: displayName, email: `${displayName.toLowerCase().replace(/\W+/g, '.')}@example.com`, active: true }
    this.people.set(id, person)
    return person
  }

  /** Renaming one later touches no issue. */
  createNamed(kind: 'versions' | 'components' | 'sprints', name: string, projectId?: string): Named {
    const named: Named = { id: this.#id(), name, ...(projectId === undefined ? {} : { projectId }) }
    this[kind].set(named.id, named)
    return named
  }

  addField(name: string, kind: Field['kind'], type: string, projectId?: string): Field {
    const field: Field = { id: `customfield_${this.#id()}`, name, kind, custom: true, type, ...(projectId === undefined ? {} : { projectId }) }
    this.fields.push(field)
    return field
  }

  createIssue(projectId: string, input: IssueInput = {}): Issue {
    const project = this.project(projectId)
    const now = this.now()
    const issue: Issue = {
      id: this.#id(),
      projectId,
      number: project.nextNumber++,
      formerKeys: [],
      summary: input.summary ?? 'No summary',
      description: input.description,
      environment: input.environment,
      type: input.type ?? 'Task',
      status: 'To Do',
      priority: input.priority ?? 'Medium',
      resolution: undefined,
      resolved: undefined,
      labels: input.labels ?? [],
      components: input.components ?? [],
      versions: input.versions ?? [],
      fixVersions: input.fixVersions ?? [],
      assignee: input.assignee,
      reporter: input.reporter ?? this.actor,
      creator: this.actor,
      created: now,
      updated: now,
      due: input.due,
      parent: input.parent,
      custom: new Map(Object.entries(input.custom ?? {}).filter((entry): entry is [string, FieldValue] => entry[1] !== undefined)),
      comments: [],
      history: [],
      worklogs: 0,
      watchers: 1,
      hidden: false,
    }
    this.issues.set(issue.id, issue)
    this.#keys.set(this.keyOf(issue), issue.id)
    this.#adopt(issue)
    this.#touch(issue.id)
    return issue
  }

  /** Sets the fields that are named; `undefined` empties one. The change log says so, and `updated` moves. */
  editIssue(id: string, input: IssueInput): void {
    const issue = this.issue(id)
    const items: ChangeItem[] = []
    // A subtask that is made an issue of its own loses its parent.
    const freed = issue.type === 'Sub-task' && input.type !== undefined && input.type !== 'Sub-task'
    const { custom = {}, ...system } = freed ? { ...input, parent: undefined } : input
    for (const [name, value] of Object.entries(system)) {
      items.push(historyItem(systemField(name), Reflect.get(issue, name) as FieldValue | undefined, value, this.#names))
      Reflect.set(issue, name, value)
    }
    this.#adopt(issue)
    for (const [fieldId, value] of Object.entries(custom)) {
      const field = this.fields.find((candidate) => candidate.id === fieldId)
      if (field === undefined) throw new Error(`there is no field ${fieldId}`)
      items.push(historyItem(field, issue.custom.get(fieldId), value, this.#names))
      if (value === undefined) issue.custom.delete(fieldId)
      else issue.custom.set(fieldId, value)
    }
    this.#changed(issue, items)
  }

  transition(id: string, status: string): void {
    const issue = this.issue(id)
    const items = [historyItem(systemField('status'), issue.status, status, this.#names)]
    const resolution = status === 'Done' ? 'Done' : undefined
    if (resolution !== issue.resolution) items.push(historyItem(systemField('resolution'), issue.resolution, resolution, this.#names))
    issue.status = status
    issue.resolution = resolution
    issue.resolved = status === 'Done' ? this.now() : undefined
    this.#changed(issue, items)
  }

  /** The id stays, the key changes, subtasks come along; versions and components stay behind. */
  moveIssue(id: string, projectId: string): void {
    const issue = this.issue(id)
    const project = this.project(projectId)
    if (issue.projectId === projectId) return
    const before = this.keyOf(issue)
    issue.formerKeys.push(before)
    const item = historyItem(systemField('project'), issue.projectId, projectId, this.#names)
    issue.projectId = projectId
    issue.number = project.nextNumber++
    Object.assign(issue, { versions: [], fixVersions: [], components: [] })
    for (const { id: fieldId, kind } of this.fields) if (kind === 'version' || kind === 'versions') issue.custom.delete(fieldId)
    this.#keys.set(this.keyOf(issue), id)
    this.#changed(issue, [item, historyItem(systemField('key'), before, this.keyOf(issue), this.#names)])
    for (const child of this.children(id)) if (child.type === 'Sub-task') this.moveIssue(child.id, projectId)
  }

  /** Subtasks go with it. Links to it and `parent` of what is below it vanish without moving anybody's `updated`. */
  deleteIssue(id: string): void {
    this.issue(id)
    for (const child of this.children(id)) {
      if (child.type === 'Sub-task') this.deleteIssue(child.id)
      else child.parent = undefined
    }
    for (const link of this.linksOf(id)) this.#unlink(link)
    const naming = this.fields.filter(({ kind }) => kind === 'issue')
    for (const other of this.issues.values()) for (const field of naming) if (other.custom.get(field.id) === id) other.custom.delete(field.id)
    this.issues.delete(id)
    this.#touch(id)
  }

  /** Roles and security levels change what our credentials see. With `bumps`, by an edit of the issue itself. */
  setHidden(id: string, hidden: boolean, { bumps = false } = {}): void {
    const issue = this.issue(id)
    issue.hidden = hidden
    if (bumps) this.#changed(issue, [])
  }

  addComment(id: string, body: RichText, { restricted = false } = {}): Comment {
    const issue = this.issue(id)
    const now = this.now()
    const comment: Comment = { id: this.#id(), body, author: this.actor, created: now, updated: now, restricted }
    issue.comments.push(comment)
    this.#changed(issue, [])
    return comment
  }

  editComment(id: string, commentId: string, body: RichText): void {
    const issue = this.issue(id)
    const comment = issue.comments.find((candidate) => candidate.id === commentId)
    if (comment === undefined) throw new Error(`issue ${id} has no comment ${commentId}`)
    comment.body = body
    comment.updated = this.now()
    this.#changed(issue, [])
  }

  deleteComment(id: string, commentId: string): void {
    const issue = this.issue(id)
    issue.comments.splice(issue.comments.findIndex((candidate) => candidate.id === commentId), 1)
    this.#changed(issue, [])
  }

  /** Moves `updated` of both ends. */
  link(from: string, to: string, type = 'Relates'): Link {
    const link: Link = { id: this.#id(), type, from, to }
    this.links.set(link.id, link)
    for (const end of [from, to]) {
      const links = this.#linksOf.get(end) ?? new Set()
      this.#linksOf.set(end, links.add(link.id))
      this.#changed(this.issue(end), [])
    }
    return link
  }

  unlink(id: string): void {
    const link = this.links.get(id)
    if (link === undefined) return
    this.#unlink(link)
    for (const end of [link.from, link.to]) this.#changed(this.issue(end), [])
  }

  /** Work was logged: nothing of what we read changes, and `updated` moves. */
  logWork(id: string): void {
    const issue = this.issue(id)
    issue.worklogs += 1
    this.#changed(issue, [historyItem({ id: 'timespent', name: 'timespent', kind: 'number', custom: false }, undefined, issue.worklogs, this.#names)])
  }

  /** Somebody watches it: `updated` stays. */
  watch(id: string): void {
    this.issue(id).watchers += 1
  }

  project(id: string): Project {
    const project = this.projects.get(id)
    if (project === undefined) throw new Error(`there is no project ${id}`)
    return project
  }

  issue(id: string): Issue {
    const issue = this.issues.get(id)
    if (issue === undefined) throw new Error(`there is no issue ${id}`)
    return issue
  }

  keyOf(issue: Pick<Issue, 'projectId' | 'number'>): string {
    return `${this.project(issue.projectId).key}-${issue.number}`
  }

  children(id: string): readonly Issue[] {
    const once = [...(this.#children.get(id) ?? [])].map((child) => this.issues.get(child))
    return once.filter((issue) => issue !== undefined).filter(({ parent }) => parent === id)
  }

  linksOf(id: string): readonly Link[] {
    return [...(this.#linksOf.get(id) ?? [])].map((link) => this.links.get(link)).filter((link) => link !== undefined)
  }

  /** By id, key or a key that it had once; only what our credentials see. */
  find(idOrKey: string): Issue | undefined {
    const issue = this.issues.get(idOrKey) ?? this.#byKey(idOrKey.toUpperCase())
    return issue !== undefined && this.canSee(issue) ? issue : undefined
  }

  findProject(idOrKey: string): Project | undefined {
    const key = idOrKey.toUpperCase()
    const all = this.projects.values().toArray()
    const project = this.projects.get(idOrKey) ?? all.find((one) => one.key === key) ?? all.find((one) => one.formerKeys.includes(key))
    return project?.visible === true ? project : undefined
  }

  canSee(issue: Pick<Issue, 'projectId' | 'hidden'>): boolean {
    const { visible, browsable } = this.project(issue.projectId)
    return !issue.hidden && visible && browsable
  }

  #byKey(key: string): Issue | undefined {
    const known = this.issues.get(this.#keys.get(key) ?? '')
    if (known !== undefined) return known
    const [, project = '', number] = /^(.+)-(\d+)$/.exec(key) ?? []
    const owner = this.projects.values().find((one) => one.key === project || one.formerKeys.includes(project))
    return this.issues.values().find((issue) => issue.projectId === owner?.id && issue.number === Number(number))
  }

  #adopt({ id, parent }: Issue): void {
    if (parent !== undefined) this.#children.set(parent, (this.#children.get(parent) ?? new Set()).add(id))
  }

  #unlink(link: Link): void {
    this.links.delete(link.id)
    for (const end of [link.from, link.to]) this.#linksOf.get(end)?.delete(link.id)
  }

  #changed(issue: Issue, items: readonly ChangeItem[]): void {
    const now = this.now()
    issue.updated = now
    if (items.length > 0) issue.history.push({ id: this.#id(), author: this.actor, created: now, items })
    this.#touch(issue.id)
  }

  #touch(id: string): void {
    this.index.touch(id, this.now(), (wanted) => this.issues.get(wanted))
  }

  #id(): string {
    this.#lastId += 1
    return String(this.#lastId)
  }

  readonly #names: ItemNames = {
    name: (id) =>
      this.people.get(id)?.displayName ?? (this.versions.get(id) ?? this.components.get(id) ?? this.sprints.get(id) ?? this.projects.get(id))?.name,
  }
}

const FIELD_OF_NAME: Readonly<Record<string, string>> = { type: 'issuetype', due: 'duedate' }

function systemField(name: string): Field {
  const id = FIELD_OF_NAME[name] ?? name
  return SYSTEM_FIELDS.find((field) => field.id === id) ?? { id, name: id === 'key' ? 'Key' : id, kind: 'text', custom: false }
}
