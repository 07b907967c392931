import { z } from 'zod'
import { parseAnswer } from './jira-errors.ts'
import type { IssueBean } from './schemas.ts'

const id = z.union([z.string(), z.number()]).transform(String)
const Named = z.array(z.object({ id, name: z.string() })).nullish()
const Parts = z.object({ versions: Named, components: Named })

/** Names by kind and id: `version 10001`. */
type Names = ReadonlyMap<string, string>

/** Names of the versions and components of a project, as the project itself lists them. */
export function namesInProject(body: unknown): Names {
  const { versions, components } = parseAnswer(Parts, body, 'a project')
  return new Map([...entries('version', versions), ...entries('component', components)])
}

/** Names of the versions and components that an issue shows, as it shows them. */
export function namesInIssue({ fields }: IssueBean): Readonly<Record<string, string>> {
  const versions = [...(fields.versions ?? []), ...(fields.fixVersions ?? [])]
  return Object.fromEntries([...entries('version', versions), ...entries('component', fields.components)])
}

/** True when an issue shows a name that is no longer that of the version or component. */
export function isRenamed(shown: Readonly<Record<string, string>>, names: Names): boolean {
  return Object.entries(shown).some(([key, name]) => names.get(key) !== name)
}

function entries(kind: string, parts: readonly { readonly id?: string | undefined; readonly name: string }[] | null | undefined): [string, string][] {
  return (parts ?? []).flatMap((part) => (part.id === undefined ? [] : [[`${kind} ${part.id}`, part.name] as [string, string]]))
}
