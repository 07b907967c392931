import type { ConfluenceConfig } from './config.ts'
import type { Head } from './site/head.ts'

/** True for pages and blog posts that the configuration selects. Comments are selected with what they stand on. */
export type Selection = (head: Head) => boolean

/** The keys of a configuration that decide about single pages. */
export type SelectionConfig = Pick<ConfluenceConfig, 'content_types' | 'ancestors' | 'include_labels' | 'exclude_labels'>

/** Makes the {@link Selection} of a configuration. Labels are compared in lower case, as Confluence stores them. */
export function selectionOf(config: SelectionConfig): Selection {
  const roots = config.ancestors && new Set(config.ancestors)
  const wanted = config.include_labels && new Set(config.include_labels)
  const unwanted = new Set(config.exclude_labels)
  return ({ kind, id, ancestors, labels }) => {
    if (kind === 'comment' || !config.content_types.includes(kind)) return false
    if (roots && !roots.has(id) && !ancestors.some(([ancestor]) => roots.has(ancestor))) return false
    if (wanted && !labels.some((label) => wanted.has(label))) return false
    return !labels.some((label) => unwanted.has(label))
  }
}

/** True when every page and blog post of the spaces is selected. */
export function selectsAll(config: SelectionConfig): boolean {
  return config.content_types.length === 2 && !config.ancestors && !config.include_labels && !config.exclude_labels
}
