import { includeOf, isMacro, isParameter, readMacro } from './macro.ts'
import type { XmlElement } from './read-xml.ts'
import type { AttachmentReference, IncludeReference, PageReference, StorageReferences, UserReference } from './references.ts'
import { readResource } from './resource.ts'
import { readStorage, type StorageSource } from './storage-body.ts'
import { childElements } from './xml-query.ts'

/**
 * Names what `storageToMarkdown` will look up for this page. What an included page names in turn is found by asking
 * about its storage. Never throws.
 */
export function storageReferences(storage: StorageSource): StorageReferences {
  const users = new Map<string, UserReference>()
  const pages = new Map<string, PageReference>()
  const attachments = new Map<string, AttachmentReference>()
  const includes = new Map<string, IncludeReference>()
  const spaces = new Set<string>()
  const visit = (element: XmlElement): void => {
    const include = isMacro(element) ? includeOf(readMacro(element)) : undefined
    if (include !== undefined) {
      includes.set(keyOf(include), include)
      // What its parameters name is the page that is included, and no link.
      for (const child of childElements(element)) if (!isParameter(child)) visit(child)
      return
    }
    const resource = readResource(element)
    if (resource?.type === 'user') users.set(keyOf(resource.user), resource.user)
    if (resource?.type === 'page') pages.set(keyOf(resource.page), resource.page)
    if (resource?.type === 'attachment') attachments.set(keyOf(resource.attachment), resource.attachment)
    if (resource?.type === 'space') spaces.add(resource.key)
    // The page that an attachment belongs to is part of its reference, and no link of its own.
    if (resource?.type !== 'attachment') for (const child of childElements(element)) visit(child)
  }
  visit(readStorage(storage).root)
  return {
    users: [...users.values()],
    pages: [...pages.values()],
    attachments: [...attachments.values()],
    includes: [...includes.values()],
    spaces: [...spaces],
  }
}

function keyOf(reference: object): string {
  return JSON.stringify(Object.entries(reference).toSorted(([a], [b]) => a < b ? -1 : 1))
}
