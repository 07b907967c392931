import type { NotesConfig } from './config.ts'

/** Which files of the folder are notes, by their name. */
export function isNote(name: string, { include_drafts: includeDrafts }: Pick<NotesConfig, 'include_drafts'>): boolean {
  return name.endsWith('.md') && (includeDrafts || !name.startsWith('_'))
}
