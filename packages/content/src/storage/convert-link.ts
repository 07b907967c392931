import { absoluteUrl } from '../markdown/absolute-url.ts'
import { type Flow, isLeaf, textLeaf } from '../markdown/leaf.ts'
import { type Conversion, type Handler, marked, type Scope } from './conversion.ts'
import type { Macro } from './macro.ts'
import type { AttachmentReference, PageReference, UserReference } from './references.ts'
import { besideResources, type Resource, resourceIn } from './resource.ts'
import { attribute } from './xml-query.ts'

/** An HTML link. */
export const anchor: Handler = (element, scope, conversion) => {
  const href = attribute(element, 'href')
  const url = href === undefined ? undefined : absoluteUrl(href, baseOf(scope, conversion))
  const inside = linked(scope, url)
  const shown = conversion.convert(element.children, inside)
  return href?.startsWith('#') === true && isBackLink(shown) ? [] : orText(shown, url ?? '', inside)
}

const BODIES = new Set(['ac:link-body', 'ac:plain-text-link-body', 'ac:rich-text-link-body'])

/** A link to something in Confluence (`ac:link`). */
export const resourceLink: Handler = (element, scope, conversion) => {
  const target = targetOf(resourceIn(element), attribute(element, 'ac:anchor'), scope, conversion)
  const inside = linked(scope, target.url)
  const body: Flow[] = []
  const others: Flow[] = []
  for (const child of besideResources(element)) {
    if (child.type === 'element' && BODIES.has(child.name)) body.push(...conversion.convert(child.children, inside))
    else others.push(...conversion.convert([child], scope))
  }
  // A name that was looked up is newer than the one in the page.
  const shown = target.mention !== undefined && target.known === true ? [] : body
  if (target.samePage === true && isBackLink(body)) return others
  return [...orText(shown, target.mention ?? target.text, inside), ...others]
}

/** A resource that is shown by itself: as the parameter of a macro, or a person in the text. */
export function resourceFlow(resource: Resource, scope: Scope, conversion: Conversion): Flow[] {
  const target = targetOf(resource, undefined, scope, conversion)
  return orText([], target.mention ?? target.text, linked(scope, target.url))
}

/** All that the parameters of a macro name, with a space after each. */
export function parameterLinks(macro: Macro, scope: Scope, conversion: Conversion): Flow[] {
  return [...macro.parameters.values()].flatMap(({ resources }) => resources).flatMap(resource => [
    ...resourceFlow(resource, scope, conversion),
    textLeaf(' ', scope.marks),
  ])
}

interface Target {
  readonly url?: string | undefined
  /** What is shown when the link has no text of its own. */
  readonly text: string
  readonly mention?: string
  readonly known?: boolean
  readonly samePage?: boolean
}

function targetOf(resource: Resource | undefined, fragment: string | undefined, scope: Scope, conversion: Conversion): Target {
  const { options } = conversion
  switch (resource?.type) {
    case 'user': return mentionOf(resource.user, conversion)
    case 'page': {
      const page = options.linkedPage?.(pageFrom(resource.page, scope))
      // A page that is named by its id alone: an address can at least be followed.
      const text = page?.title ?? resource.page.title ?? fragment ?? page?.url ?? resource.page.contentId ?? ''
      return { url: withFragment(page?.url, fragment), text }
    }
    case 'attachment': return { url: attachmentUrl(resource.attachment, scope, conversion), text: resource.attachment.fileName }
    case 'space': {
      const url = options.spaceUrl === undefined
        ? `${options.baseUrl.replace(/(?<!\/)\/+$/, '')}/display/${encodeURIComponent(resource.key)}`
        : options.spaceUrl(resource.key)
      return { url, text: resource.key }
    }
    case 'url': return { url: absoluteUrl(resource.url, baseOf(scope, conversion)), text: resource.url }
    case 'shortcut': return { text: resource.parameter }
    case undefined: return { url: withFragment(pageUrlOf(scope, conversion), fragment), text: fragment ?? '', samePage: true }
  }
}

/** What is shown for a person: `@` and the name. */
export function mentionOf(user: UserReference, { options }: Conversion): Target & { readonly mention: string } {
  const name = options.userName?.(user)?.trim() || (user.kind === 'user-name' ? user.id : undefined)
  return { text: '', mention: `@${name ?? 'unknown user'}`, known: name !== undefined }
}

/** Address of an attached file, seen from the page that names it. */
export function attachmentUrl(attachment: AttachmentReference, scope: Scope, { options }: Conversion): string | undefined {
  const owner = attachment.page === undefined ? scope.from?.page : pageFrom(attachment.page, scope)
  return options.attachmentUrl?.({ fileName: attachment.fileName, ...(owner !== undefined && { page: owner }) })
}

/** A page as the page being converted would name it: what an included page calls its own space is another one. */
export function pageFrom(page: PageReference, scope: Scope): PageReference {
  const spaceKey = page.spaceKey ?? (page.contentId === undefined ? scope.from?.page.spaceKey : undefined)
  return spaceKey === undefined ? page : { ...page, spaceKey }
}

function withFragment(url: string | undefined, fragment: string | undefined): string | undefined {
  return url === undefined || fragment === undefined ? url : `${url}#${encodeURI(fragment).replaceAll('#', '%23')}`
}

function pageUrlOf(scope: Scope, { options }: Conversion): string | undefined {
  return scope.from === undefined ? options.pageUrl : scope.from.pageUrl
}

/** What relative addresses are relative to. */
export function baseOf(scope: Scope, conversion: Conversion): { site: string, page?: string } {
  const page = pageUrlOf(scope, conversion)
  return { site: conversion.options.baseUrl, ...(page !== undefined && { page }) }
}

/** Below this, text is part of a link. A link in a link and the number of a footnote stay text. */
function linked(scope: Scope, url: string | undefined): Scope {
  if (url === undefined || scope.marks.link !== undefined || scope.marks.raised === true) return scope
  return marked(scope, { link: { url } })
}

function orText(flow: readonly Flow[], text: string, scope: Scope): Flow[] {
  return isShown(flow) || text === '' ? [...flow] : [textLeaf(text, scope.marks)]
}

/** Whether there is more than white space. */
export function isShown(flow: readonly Flow[]): boolean {
  return flow.some(item => !isLeaf(item) || item.leaf === 'node' || (item.leaf === 'text' && item.value.trim() !== ''))
}

const ARROWS = /^(?:\s|\u21A9|\u21B5|\u2191|\u2934|\uFE0E|\uFE0F|\^|[\u00B9\u00B2\u00B3\u2070-\u2079])+$/u

/** The way back from a footnote to the text is of use on a screen only. */
function isBackLink(flow: readonly Flow[]): boolean {
  return ARROWS.test(flow.map(item => isLeaf(item) && item.leaf === 'text' ? item.value : isLeaf(item) ? '' : 'x').join(''))
}
