import type { JiraWorld } from './jira-world.ts'
import type { Project } from './model.ts'

const SUBJECTS = ['login', 'export', 'search', 'billing', 'upload', 'report', 'import', 'dashboard', 'webhook', 'editor']
const FAULTS = ['fails', 'is slow', 'shows the wrong total', 'needs a better text', 'forgets the filter', 'breaks on a phone']
const TYPES = ['Story', 'Task', 'Bug']

/** Fills a project with issues that look like a team's: the same ones for the same number. Every tenth has comments. */
export function generateJira(world: JiraWorld, count: number, key = 'DEMO'): Project {
  const project = world.createProject(key, `Project ${key}`)
  const people = ['Grace Hopper', 'Alan Turing', 'Barbara Liskov'].map((name) => world.createPerson(name).id)
  for (let number = 0; number < count; number += 1) {
    const subject = SUBJECTS[number % SUBJECTS.length] ?? ''
    const fault = FAULTS[number % FAULTS.length] ?? ''
    const issue = world.createIssue(project.id, {
      summary: `The ${subject} ${fault} (${number})`,
      description: `# What happens\n\nThe ${subject} ${fault} when somebody opens page ${number}.\n\n- step ${number}\n- look at the ${subject}`,
      type: TYPES[number % TYPES.length] ?? 'Task',
      labels: [subject],
      assignee: people[number % people.length],
    })
    for (let at = 0; at < (number % 10 === 0 ? 3 : 0); at += 1) world.addComment(issue.id, `Comment ${at} on ${subject} ${number}.`)
  }
  return project
}
