import { namesInField } from './field-names.ts'
import type { IssueReading } from './issue-reading.ts'
import type { IssueBean } from './schemas.ts'
import { personIdOf } from './schemas.ts'

/** Names by kind and id (`status 3`, `person 5b10a28`). They belong to others, and change without `updated`. */
export type Names = Readonly<Record<string, string>>

/** Every name in the payload of an issue, as the issue shows it. What has no id is not followed. */
export function namesInIssue({ fields }: IssueBean, { extraFields }: Pick<IssueReading, 'extraFields'>): Names {
  const links = (fields.issuelinks ?? []).flatMap(({ type, inwardIssue }) => {
    const way = inwardIssue ? 'inward' : 'outward'
    return type?.id === undefined ? [] : [entry(`link-${way}`, type.id, type[way])]
  })
  const named = [
    ['issuetype', [fields.issuetype]],
    ['status', [fields.status]],
    ['priority', [fields.priority]],
    ['resolution', [fields.resolution]],
    ['component', fields.components ?? []],
    ['version', [...(fields.versions ?? []), ...(fields.fixVersions ?? [])]],
  ] as const
  const entries = [
    ...named.flatMap(([kind, parts]) => parts.map((part) => entry(kind, part?.id, part?.name))),
    ...[fields.assignee, fields.reporter, fields.creator].map((person) => entry('person', personIdOf(person), person?.displayName)),
    ...links,
    ...extraFields.flatMap((field) => namesInField(field, fields[field.id])),
  ]
  return Object.fromEntries(entries.filter((one) => one !== undefined))
}

/** The key of a person's name. */
export function personKey(id: string): string {
  return `person ${id}`
}

function entry(kind: string, id: string | undefined, name: string | null | undefined): readonly [string, string] | undefined {
  return id === undefined || name === null || name === undefined ? undefined : [`${kind} ${id}`, name]
}
