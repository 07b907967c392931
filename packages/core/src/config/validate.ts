import type { Schema } from '@qdrant-loader/connector-sdk'
import type { ConfigDraft } from './config-draft.ts'
import type { ConfigPath, ConfigProblem } from './config-error.ts'
import { describeIssue } from './describe-issue.ts'
import type { JsonSchema } from './schema-nodes.ts'

/**
 * Validates the value at `base` (or `value` in its place) by a Standard Schema and adds what is wrong with it to
 * `problems`. Undefined when something is.
 */
export async function validate<Output>(
  schema: Pick<Schema<Output>, '~standard'>,
  jsonSchema: JsonSchema,
  draft: ConfigDraft,
  base: ConfigPath,
  problems: ConfigProblem[],
  value: unknown = draft.get(base),
): Promise<Output | undefined> {
  const result = await schema['~standard'].validate(value)
  if (result.issues === undefined) return result.value
  const context = {
    value,
    schema: jsonSchema,
    isReference: (path: ConfigPath) => draft.isReference([...base, ...path]),
  }
  for (const { code, path, message } of result.issues.flatMap((issue) => describeIssue(issue, context))) {
    const full = [...base, ...path]
    // A reference without a value has been reported; what the schema says of the gap would only hide that.
    if (!draft.isBroken(full)) problems.push(draft.problem(code, full, message, code === 'config_unknown_key' ? 'key' : 'value'))
  }
  return undefined
}
