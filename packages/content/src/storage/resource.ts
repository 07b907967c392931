import type { AttachmentReference, PageReference, UserReference } from './references.ts'
import type { XmlElement, XmlNode } from './read-xml.ts'
import { attribute, childElements } from './xml-query.ts'

/** What a resource identifier (`ri:…`) names. */
export type Resource =
  | { readonly type: 'user', readonly user: UserReference }
  | { readonly type: 'page', readonly page: PageReference }
  | { readonly type: 'attachment', readonly attachment: AttachmentReference }
  | { readonly type: 'space', readonly key: string }
  | { readonly type: 'url', readonly url: string }
  | { readonly type: 'shortcut', readonly key: string, readonly parameter: string }

/** The first resource that stands directly in an element, such as the target of a link. */
export function resourceIn(element: XmlElement): Resource | undefined {
  for (const child of childElements(element)) {
    const resource = readResource(child)
    if (resource !== undefined) return resource
  }
  return undefined
}

const RESOURCES = new Set([
  'ri:user', 'ri:page', 'ri:blog-post', 'ri:content-entity', 'ri:attachment', 'ri:space', 'ri:url', 'ri:shortcut',
])

/** What is in an element beside the resources it names. */
export function besideResources(element: XmlElement): XmlNode[] {
  return element.children.flatMap(child => {
    if (child.type === 'text' || !RESOURCES.has(child.name)) return [child]
    return child.children.filter(inner => inner.type === 'text')
  })
}

/** Reads a resource identifier; `undefined` for other elements and for one that names nothing. */
export function readResource(element: XmlElement): Resource | undefined {
  switch (element.name) {
    case 'ri:user': return userResource(element)
    case 'ri:page': return pageResource(element, 'page')
    case 'ri:blog-post': return pageResource(element, 'blog-post')
    case 'ri:content-entity': return pageResource(element, 'page')
    case 'ri:attachment': return attachmentResource(element)
    case 'ri:space': return wrap(attribute(element, 'ri:space-key'), key => ({ type: 'space', key }))
    case 'ri:url': return wrap(attribute(element, 'ri:value'), url => ({ type: 'url', url }))
    case 'ri:shortcut': return wrap(attribute(element, 'ri:parameter'), parameter => {
      return { type: 'shortcut', key: attribute(element, 'ri:key') ?? '', parameter }
    })
    default: return undefined
  }
}

function wrap<T>(value: string | undefined, make: (value: string) => T): T | undefined {
  return value === undefined ? undefined : make(value)
}

function userResource(element: XmlElement): Resource | undefined {
  const kinds = [['ri:account-id', 'account-id'], ['ri:userkey', 'user-key'], ['ri:username', 'user-name']] as const
  for (const [name, kind] of kinds) {
    const id = attribute(element, name)
    if (id !== undefined) return { type: 'user', user: { kind, id } }
  }
  return undefined
}

function pageResource(element: XmlElement, kind: PageReference['kind']): Resource | undefined {
  const contentId = attribute(element, 'ri:content-id')
  const spaceKey = attribute(element, 'ri:space-key')
  const title = attribute(element, 'ri:content-title')
  const postingDay = attribute(element, 'ri:posting-day')
  if (contentId === undefined && title === undefined) return undefined
  return {
    type: 'page',
    page: {
      kind,
      ...(contentId !== undefined && { contentId }),
      ...(spaceKey !== undefined && { spaceKey }),
      ...(title !== undefined && { title }),
      ...(postingDay !== undefined && { postingDay }),
    },
  }
}

function attachmentResource(element: XmlElement): Resource | undefined {
  const fileName = attribute(element, 'ri:filename')
  if (fileName === undefined) return undefined
  const owner = resourceIn(element)
  return { type: 'attachment', attachment: { fileName, ...(owner?.type === 'page' && { page: owner.page }) } }
}
