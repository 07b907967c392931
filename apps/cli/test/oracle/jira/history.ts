import type { IssueInput, JiraIssue, JiraNameKind, JiraProject, JiraSimulator, JiraWorld } from '@qdrant-loader/simulators'

type Random = () => number

const WORDS = 'index change vector branch page commit token query store cursor sweep guard intent lease chunk heading'.split(' ')
const TYPES = ['Story', 'Task', 'Bug', 'Epic']
const STATUSES = ['To Do', 'In Progress', 'In Review', 'Done']
const LABELS = ['red', 'green', 'blue']
const OPTIONS = ['Minor', 'Major', 'Critical']
const DAY = 86_400_000

/** What the random people of a history work with. */
export interface JiraScene {
  readonly jira: JiraSimulator
  readonly random: Random
  /** Two that are configured, and one that is not. */
  readonly projects: readonly JiraProject[]
  /** Projects that may be lost and found again, and whose issues may be hidden and shown. No `updated` tells of it. */
  readonly losable: readonly JiraProject[]
  /**
   * False: only issues without relations are hidden. An issue that is not selected and becomes visible again is named
   * by its neighbours, and nothing that is read tells them.
   */
  readonly hidesRelated: boolean
  /** Names of statuses and types that stand in the configuration: a new one would have to be written there. */
  readonly configured: readonly string[]
  /** The wait before the next change, in milliseconds. */
  readonly wait: (ms: number) => void
}

/** Makes projects, people, versions, sprints and some issues. */
export function openScene(
  jira: JiraSimulator,
  random: Random,
  { losable, ...more }: Pick<JiraScene, 'hidesRelated' | 'configured' | 'wait'> & { readonly losable: readonly string[] },
): JiraScene {
  const { world } = jira
  const projects = ['ABC', 'XYZ', 'OUT'].map((key) => world.createProject(key))
  for (const name of ['Grace Hopper', 'Alan Turing', 'Barbara Liskov']) world.createPerson(name)
  for (const { id } of projects) {
    for (const name of ['1.0', '1.1', '2.0']) world.createNamed('versions', name, id)
    for (const name of ['api', 'web']) world.createNamed('components', name, id)
  }
  for (const name of ['Sprint 1', 'Sprint 2']) world.createNamed('sprints', name)
  const scene = { jira, random, projects, losable: projects.filter(({ key }) => losable.includes(key)), ...more }
  for (let count = 4 + Math.floor(random() * 12); count > 0; count -= 1) createIssue(scene)
  return scene
}

/** Some changes, one after the other, with time between them, or none. */
export function liveOn(scene: JiraScene, most = 14): void {
  for (let count = Math.floor(scene.random() * most); count > 0; count -= 1) act(scene)
}

/** One change of one kind. */
export function act(scene: JiraScene): void {
  const { random } = scene
  scene.wait(random() < 0.2 ? 0 : Math.floor(random() * 90_000))
  const total = ACTIONS.reduce((sum, [weight]) => sum + weight, 0)
  let at = random() * total
  for (const [weight, action] of ACTIONS) {
    at -= weight
    if (at < 0) return action(scene)
  }
}

const ACTIONS: readonly (readonly [weight: number, action: (scene: JiraScene) => void])[] = [
  [5, createIssue],
  [8, editText],
  [10, editField],
  [3, editCustomText],
  [5, addComment],
  [3, editComment],
  [3, deleteComment],
  [5, transition],
  [4, move],
  [4, remove],
  [3, link],
  [2, unlink],
  [2, subtask],
  [2, reparent],
  [3, touchForNothing],
  [4, rename],
  [2, hide],
  [1, hideProject],
  [1, manyComments],
]

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)] as Item
}

function some<Item>(items: readonly Item[], random: Random): readonly Item[] {
  return items.filter(() => random() < 0.4)
}

function sentence(random: Random, words: number): string {
  return Array.from({ length: words }, () => pick(WORDS, random)).join(' ')
}

/** Headings, paragraphs, lists and code, and somebody who is mentioned; some texts recur in many issues. */
function text({ random, jira: { world } }: JiraScene): string {
  const blocks = Array.from({ length: Math.floor(random() * 6) }, () => {
    const kind = random()
    if (kind < 0.15) return `## ${sentence(random, 3)}`
    if (kind < 0.3) return `- ${sentence(random, 4)}\n- ${sentence(random, 5)}`
    if (kind < 0.4) return `\`\`\`ts\n${sentence(random, 4)}\n\n${sentence(random, 3)}\n\`\`\``
    if (kind < 0.5) return 'A paragraph that stands in many issues, word for word.'
    if (kind < 0.55) return `[~${pick([...world.people.keys()], random)}] knows about ${sentence(random, 3)}.`
    if (kind < 0.6) return `${sentence(random, 2)} (/)\n${sentence(random, 2)} (x)\n!${pick(WORDS, random)}.png|thumbnail!`
    if (kind < 0.7) return `See ABC-${1 + Math.floor(random() * 9)} for ${sentence(random, 3)}.`
    return `${sentence(random, 6 + Math.floor(random() * 60))}\nand übermorgen ${sentence(random, 3)}`
  })
  return blocks.join('\n\n')
}

function anyIssue({ jira: { world }, random }: JiraScene): JiraIssue | undefined {
  const all = [...world.issues.values()]
  return all.length === 0 ? undefined : pick(all, random)
}

/** One that our credentials see. */
function shownIssue(scene: JiraScene): JiraIssue | undefined {
  const issue = anyIssue(scene)
  return issue !== undefined && scene.jira.world.canSee(issue) ? issue : undefined
}

function createIssue(scene: JiraScene): void {
  const { jira, random, projects } = scene
  jira.world.createIssue(pick(projects, random).id, {
    summary: sentence(random, 4),
    ...(random() < 0.8 ? { description: text(scene) } : {}),
    type: pick(TYPES, random),
    labels: some(LABELS, random),
  })
}

function editText(scene: JiraScene): void {
  const issue = anyIssue(scene)
  if (issue === undefined) return
  const { random, jira } = scene
  const how = random()
  if (how < 0.3) jira.world.editIssue(issue.id, { summary: sentence(random, 4) })
  else if (how < 0.4) jira.world.editIssue(issue.id, { description: undefined })
  else if (how < 0.7 && typeof issue.description === 'string') jira.world.editIssue(issue.id, { description: `${issue.description}\n\n${sentence(random, 9)}` })
  else jira.world.editIssue(issue.id, { description: text(scene) })
}

function editCustomText(scene: JiraScene): void {
  const issue = anyIssue(scene)
  if (issue === undefined) return
  const { random, jira } = scene
  const rich = random() < 0.6
  const value = random() < 0.2 ? undefined : rich ? text(scene) : sentence(random, 3)
  jira.world.editIssue(issue.id, { custom: { [rich ? 'customfield_10032' : 'customfield_10031']: value } })
}

/** A field of any kind, given another value or emptied. */
function editField(scene: JiraScene): void {
  const issue = anyIssue(scene)
  if (issue === undefined) return
  const { random, jira } = scene
  jira.world.editIssue(issue.id, pick(fieldEdits(jira.world, issue.projectId, random), random))
}

function fieldEdits(world: JiraWorld, projectId: string, random: Random): readonly IssueInput[] {
  const [people, sprints] = [world.people, world.sprints].map((map) => [...map.keys()])
  const [versions, components] = [world.versions, world.components].map((map) =>
    map.values().filter((named) => named.projectId === projectId).map(({ id }) => id).toArray(),
  )
  const one = (ids: readonly string[] | undefined): string => pick(ids ?? [], random)
  const several = (ids: readonly string[] | undefined): readonly string[] => some(ids ?? [], random)
  const gone = random() < 0.2
  const custom = (id: number, value: NonNullable<IssueInput['custom']>[string]): IssueInput => ({ custom: { [`customfield_${id}`]: gone ? undefined : value } })
  const date = `2026-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 9)}`
  return [
    { priority: pick(['High', 'Medium', 'Low'], random) },
    { labels: some(LABELS, random) },
    { assignee: gone ? undefined : one(people) },
    { reporter: one(people) },
    { components: several(components) },
    { versions: several(versions) },
    { fixVersions: several(versions) },
    { due: gone ? undefined : date },
    { type: pick(TYPES, random) },
    { environment: gone ? undefined : sentence(random, 5) },
    custom(10_016, Math.floor(random() * 20) / 2),
    custom(10_019, `0|i000${Math.floor(random() * 9)}:`),
    custom(10_020, several(sprints)),
    custom(10_033, date),
    custom(10_034, world.now() - Math.floor(random() * DAY)),
    custom(10_035, one(people)),
    custom(10_036, several(people)),
    custom(10_037, pick(OPTIONS, random)),
    custom(10_038, some(OPTIONS, random)),
    custom(10_039, random() < 0.5 ? ['Europe'] : ['Europe', pick(['Bern', 'Oslo'], random)]),
    custom(10_040, some(LABELS, random)),
    custom(10_041, one(versions)),
    custom(10_042, several(versions)),
    { custom: { customfield_10010: gone ? undefined : { json: { requestType: { id: '12', name: 'Get help' }, currentStatus: { status: sentence(random, 1) } } } } },
    { custom: { customfield_10045: gone ? undefined : { json: { rating: Math.floor(random() * 5) } } } },
    { custom: { customfield_10044: gone ? undefined : sentence(random, 6) } },
    ...epicEdits(world, gone, random),
    custom(10_043, `https://example.com/runbook/${Math.floor(random() * 5)}`),
  ]
}

/** Another epic, by Epic Link or Parent Link. */
function epicEdits(world: JiraWorld, gone: boolean, random: Random): readonly IssueInput[] {
  const epics = [...world.issues.values()].filter(({ type }) => type === 'Epic')
  if (epics.length === 0) return []
  const id = gone ? undefined : pick(epics, random).id
  return [{ custom: { customfield_10014: id } }, { custom: { customfield_10018: id } }]
}

function addComment(scene: JiraScene): void {
  const issue = anyIssue(scene)
  if (issue === undefined) return
  speakAsSomebody(scene)
  scene.jira.world.addComment(issue.id, text(scene), { restricted: scene.random() < 0.1 })
}

function speakAsSomebody({ jira: { world }, random }: JiraScene): void {
  world.actor = pick([...world.people.keys()], random)
}

/** More than stand inside an issue. */
function manyComments(scene: JiraScene): void {
  const issue = anyIssue(scene)
  for (let count = issue === undefined ? 0 : 25; count > 0; count -= 1) scene.jira.world.addComment(issue?.id ?? '', sentence(scene.random, 5))
}

function editComment(scene: JiraScene): void {
  const issue = anyIssue(scene)
  if (issue !== undefined && issue.comments.length > 0) {
    scene.jira.world.editComment(issue.id, pick(issue.comments, scene.random).id, text(scene))
  }
}

function deleteComment(scene: JiraScene): void {
  const issue = anyIssue(scene)
  if (issue !== undefined && issue.comments.length > 0) scene.jira.world.deleteComment(issue.id, pick(issue.comments, scene.random).id)
}

function transition(scene: JiraScene): void {
  const issue = anyIssue(scene)
  if (issue !== undefined) scene.jira.world.transition(issue.id, pick(STATUSES, scene.random))
}

function move(scene: JiraScene): void {
  const issue = shownIssue(scene)
  if (issue !== undefined && issue.type !== 'Sub-task') scene.jira.world.moveIssue(issue.id, pick(scene.projects, scene.random).id)
}

function remove(scene: JiraScene): void {
  const issue = anyIssue(scene)
  if (issue !== undefined) scene.jira.world.deleteIssue(issue.id)
}

function link(scene: JiraScene): void {
  const [one, other] = [shownIssue(scene), shownIssue(scene)]
  if (one === undefined || other === undefined || one === other) return
  scene.jira.world.link(one.id, other.id, pick(['Blocks', 'Relates', 'Duplicate'], scene.random))
}

function unlink({ jira: { world }, random }: JiraScene): void {
  const links = [...world.links.keys()]
  if (links.length > 0) world.unlink(pick(links, random))
}

function subtask(scene: JiraScene): void {
  const parent = shownIssue(scene)
  if (parent === undefined || parent.type === 'Sub-task') return
  scene.jira.world.createIssue(parent.projectId, { summary: sentence(scene.random, 3), type: 'Sub-task', parent: parent.id })
}

function reparent(scene: JiraScene): void {
  const { random, jira } = scene
  const issue = shownIssue(scene)
  const epics = [...jira.world.issues.values()].filter(({ type, id }) => type === 'Epic' && id !== issue?.id)
  if (issue === undefined || issue.type === 'Sub-task' || issue.type === 'Epic' || epics.length === 0) return
  jira.world.editIssue(issue.id, { parent: random() < 0.3 ? undefined : pick(epics, random).id })
}

function touchForNothing(scene: JiraScene): void {
  const issue = anyIssue(scene)
  if (issue === undefined) return
  if (scene.random() < 0.7) scene.jira.world.logWork(issue.id)
  else scene.jira.world.watch(issue.id)
}

/** Gives something that issues name another name. No issue is touched. */
export function rename({ jira: { world }, random, configured }: JiraScene): void {
  const name = `Another name ${Math.floor(random() * 90)}`
  const shared: readonly (readonly [JiraNameKind, readonly string[]])[] = [
    ['status', STATUSES.filter((status) => !configured.includes(status))],
    ['issuetype', TYPES.filter((type) => !configured.includes(type))],
    ['priority', ['High', 'Medium', 'Low']],
    ['resolution', ['Done']],
    ['link', ['blocks', 'is blocked by', 'relates to', 'duplicates']],
    ['option', [...OPTIONS, 'Europe', 'Bern', 'Oslo']],
  ]
  const how = random()
  if (how < 0.3) pick([...world.people.values()], random).displayName = name
  else if (how < 0.5) pick([...pick([world.sprints, world.versions, world.components], random).values()], random).name = name
  else {
    const [kind, names] = pick(shared, random)
    world.names.rename(kind, pick(names, random), name)
  }
}

function hide(scene: JiraScene): void {
  const { jira: { world }, random, losable, hidesRelated } = scene
  const issue = anyIssue(scene)
  if (issue === undefined || !losable.some(({ id }) => id === issue.projectId)) return
  const related = issue.parent !== undefined || world.linksOf(issue.id).length > 0 || world.children(issue.id).length > 0
  if (related && !hidesRelated) return
  world.setHidden(issue.id, !issue.hidden && random() < 0.6, { bumps: random() < 0.5 })
}

function hideProject({ losable, random }: JiraScene): void {
  if (losable.length === 0) return
  const project = pick(losable, random)
  const how = pick(['visible', 'browsable', 'archived'] as const, random)
  project[how] = !project[how]
}
