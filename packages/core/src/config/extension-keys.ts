import type { ConfigDraft } from './config-draft.ts'
import type { ConfigPath } from './config-error.ts'
import { isSchema } from './schema-nodes.ts'
import { EXTENSION } from './yaml-tree.ts'

/**
 * Takes out keys that begin with `x-` wherever keys are ours: beside the sections, in `global` and all it holds, in a
 * project, in a source and in the defaults of a type. Where the user names things (projects, sources, headers), such
 * a name is a name.
 */
export function dropExtensionKeys(draft: ConfigDraft): void {
  drop(draft, [], false)
  drop(draft, ['global'], true)
  for (const type of keysOf(draft, ['defaults'])) drop(draft, ['defaults', type], false)
  const projects = keysOf(draft, ['projects']).map((project) => ['projects', project])
  for (const project of projects) drop(draft, project, false)
  for (const holder of [[], ...projects]) {
    const sources = [...holder, 'sources']
    for (const type of keysOf(draft, sources)) {
      for (const source of keysOf(draft, [...sources, type])) drop(draft, [...sources, type, source], false)
    }
  }
}

function drop(draft: ConfigDraft, path: ConfigPath, deep: boolean): void {
  for (const key of keysOf(draft, path)) {
    if (key.startsWith(EXTENSION)) draft.remove([...path, key])
    else if (deep) drop(draft, [...path, key], true)
  }
}

function keysOf(draft: ConfigDraft, path: ConfigPath): readonly string[] {
  const value = draft.get(path)
  return isSchema(value) ? Object.keys(value) : []
}
