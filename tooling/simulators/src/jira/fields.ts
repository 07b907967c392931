import type { Field } from './model.ts'

function system(id: string, name: string, kind: Field['kind']): Field {
  return { id, name, kind, custom: false }
}

/** Fields that every Jira has, apart from those whose values are made of other things (comments, links, subtasks). */
export const SYSTEM_FIELDS: readonly Field[] = [
  system('summary', 'Summary', 'text'),
  system('description', 'Description', 'rich'),
  system('environment', 'Environment', 'rich'),
  system('issuetype', 'Issue Type', 'option'),
  system('project', 'Project', 'option'),
  system('status', 'Status', 'option'),
  system('priority', 'Priority', 'option'),
  system('resolution', 'Resolution', 'option'),
  system('resolutiondate', 'Resolved', 'datetime'),
  system('created', 'Created', 'datetime'),
  system('updated', 'Updated', 'datetime'),
  system('duedate', 'Due date', 'date'),
  system('assignee', 'Assignee', 'user'),
  system('reporter', 'Reporter', 'user'),
  system('creator', 'Creator', 'user'),
  system('labels', 'Labels', 'labels'),
  system('components', 'Components', 'components'),
  system('versions', 'Affects versions', 'versions'),
  system('fixVersions', 'Fix versions', 'versions'),
  system('parent', 'Parent', 'option'),
  system('subtasks', 'Sub-tasks', 'options'),
  system('issuelinks', 'Linked Issues', 'options'),
  system('comment', 'Comment', 'rich'),
  system('attachment', 'Attachment', 'options'),
  system('worklog', 'Log Work', 'options'),
  system('watches', 'Watchers', 'number'),
  system('votes', 'Votes', 'number'),
  system('lastViewed', 'Last Viewed', 'datetime'),
]

function custom(number: number, name: string, kind: Field['kind'], type: string): Field {
  return { id: `customfield_${number}`, name, kind, custom: true, type }
}

/** One custom field of each kind, present from the start. */
export const CUSTOM_FIELDS: readonly Field[] = [
  custom(10_010, 'Request Type', 'json', 'vp-origin'),
  custom(10_014, 'Epic Link', 'issue', 'gh-epic-link'),
  custom(10_016, 'Story point estimate', 'number', 'float'),
  custom(10_018, 'Parent Link', 'issue', 'jpo-custom-field-parent'),
  custom(10_019, 'Rank', 'rank', 'gh-lexo-rank'),
  custom(10_020, 'Sprint', 'sprints', 'gh-sprint'),
  custom(10_031, 'Customer', 'text', 'textfield'),
  custom(10_032, 'Acceptance criteria', 'rich', 'textarea'),
  custom(10_033, 'Target date', 'date', 'datepicker'),
  custom(10_034, 'Escalated at', 'datetime', 'datetime'),
  custom(10_035, 'Reviewer', 'user', 'userpicker'),
  custom(10_036, 'Approvers', 'users', 'multiuserpicker'),
  custom(10_037, 'Severity', 'option', 'select'),
  custom(10_038, 'Platforms', 'options', 'multiselect'),
  custom(10_039, 'Region', 'cascade', 'cascadingselect'),
  custom(10_040, 'Tags', 'labels', 'labels'),
  custom(10_041, 'Target version', 'version', 'version'),
  custom(10_042, 'Backport versions', 'versions', 'multiversion'),
  custom(10_043, 'Runbook', 'url', 'url'),
  custom(10_044, 'Checklist', 'text', 'scripted-field'),
  custom(10_045, 'Satisfaction', 'json', 'sd-request-feedback'),
]

const SCHEMAS: Readonly<Record<Field['kind'], { readonly type: string; readonly items?: string }>> = {
  text: { type: 'string' },
  rich: { type: 'string' },
  number: { type: 'number' },
  date: { type: 'date' },
  datetime: { type: 'datetime' },
  user: { type: 'user' },
  users: { type: 'array', items: 'user' },
  option: { type: 'option' },
  options: { type: 'array', items: 'option' },
  cascade: { type: 'option-with-child' },
  labels: { type: 'array', items: 'string' },
  version: { type: 'version' },
  versions: { type: 'array', items: 'version' },
  components: { type: 'array', items: 'component' },
  sprints: { type: 'array', items: 'json' },
  rank: { type: 'any' },
  url: { type: 'string' },
  issue: { type: 'any' },
  json: { type: 'any' },
}

const SYSTEM_SCHEMAS: Readonly<Record<string, { readonly type: string; readonly items?: string }>> = {
  issuetype: { type: 'issuetype' },
  project: { type: 'project' },
  status: { type: 'status' },
  priority: { type: 'priority' },
  resolution: { type: 'resolution' },
  parent: { type: 'issuelink' },
  subtasks: { type: 'array', items: 'issuelinks' },
  issuelinks: { type: 'array', items: 'issuelinks' },
  comment: { type: 'comments-page' },
  attachment: { type: 'array', items: 'attachment' },
  worklog: { type: 'array', items: 'worklog' },
  watches: { type: 'watches' },
  votes: { type: 'votes' },
}

/** A row of `/field`. */
export function fieldDetails(field: Field, cloud: boolean): object {
  const number = Number(field.id.replace(/\D/g, ''))
  const schema = field.custom
    ? { ...SCHEMAS[field.kind], custom: customType(field), customId: number }
    : { ...(SYSTEM_SCHEMAS[field.id] ?? SCHEMAS[field.kind]), system: field.id }
  return {
    id: field.id,
    ...(cloud ? { key: field.id } : {}),
    name: field.name,
    ...(cloud && field.custom ? { untranslatedName: field.name } : {}),
    custom: field.custom,
    orderable: true,
    navigable: true,
    searchable: true,
    clauseNames: field.custom ? [`cf[${number}]`, field.name] : [field.id],
    ...(field.projectId === undefined ? {} : { scope: { type: 'PROJECT', project: { id: field.projectId } } }),
    schema,
  }
}

function customType(field: Field): string {
  const type = field.type ?? 'textfield'
  return type.startsWith('gh-') ? `com.pyxis.greenhopper.jira:${type}` : `com.atlassian.jira.plugin.system.customfieldtypes:${type}`
}
