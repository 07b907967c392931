import { type ChildNode, type Document, Element, Text } from 'domhandler'

import { toMarkdown } from '../markdown/to-markdown.ts'
import { attribute, childElements, hasClass, isElement, textContent } from './element.ts'
import { HtmlConversion } from './html-conversion.ts'
import { withoutComplaints } from './jira-code-panel.ts'
import { emoticonText, isEmoticon } from './jira-emoticons.ts'
import { parseHtml } from './parse-html.ts'

/** What belongs to others and stands in the text all the same: it changes without the text being edited. */
export interface JiraRenderedUses {
  /** A person who is mentioned: the name to sign in with, and the display name as the text has it. */
  readonly person?: (id: string, name: string) => void
  /** An issue that is linked, by the key that the text has. */
  readonly issue?: (key: string) => void
}

/** How {@link jiraRenderedToMarkdown} reads; each has a default. */
export interface JiraRenderedOptions {
  /** Base URL of the Jira server, with its context path. Relative links are resolved against it. */
  readonly baseUrl?: string | undefined
  /** Told whatever the text uses, while it is converted. */
  readonly uses?: JiraRenderedUses | undefined
}

/**
 * Markdown of a `renderedFields` value of Jira Data Center. What belongs to other issues or users and changes without
 * this issue is left out: a link to an issue is its key, without its title and without the strike-through of resolved
 * ones; a mention is the name as it stands in the text. Attachments and images are read by their file names.
 */
export function jiraRenderedToMarkdown(html: string, options: JiraRenderedOptions = {}): string {
  const document = parseHtml(html)
  prepare(document, options.uses ?? {})
  const base = options.baseUrl === undefined ? undefined : `${options.baseUrl.replace(/(?<!\/)\/+$/, '')}/`
  const conversion = new HtmlConversion(document.children, { baseUrl: base })
  return toMarkdown({ type: 'root', children: conversion.blocks(document.children) })
}

/** Rewrites what Jira's wiki renderer writes in its own way. Children first, so that a `del` sees the key inside. */
function prepare(node: Document | Element, uses: JiraRenderedUses): void {
  const children: ChildNode[] = []
  for (const child of node.children) {
    if (isElement(child)) {
      prepare(child, uses)
      for (const replaced of rewritten(child, uses)) children.push(replaced)
    } else children.push(child)
  }
  link(node, withoutComplaints(node, children))
}

/** Sets the children of a node, with their neighbours. */
function link(node: Document | Element, children: ChildNode[]): void {
  node.children = children
  for (const [at, child] of children.entries()) {
    child.parent = node
    child.prev = children[at - 1] ?? null
    child.next = children[at + 1] ?? null
  }
}

const ISSUE_KEY = /^[A-Z][A-Z\d_]+-\d+$/

function rewritten(element: Element, uses: JiraRenderedUses): readonly ChildNode[] {
  switch (element.name) {
    case 'a':
      return rewrittenLink(element, uses)
    case 'del':
      // Jira strikes through the key of a resolved issue.
      return ISSUE_KEY.test(textContent(element).trim()) ? element.children : [element]
    case 'img':
      return rewrittenImage(element)
    case 'div':
      return hasClass(element, 'panel') ? rewrittenPanel(element) : [element]
    case 'span':
      return rewrittenSpan(element, uses)
    default:
      return [element]
  }
}

function rewrittenLink(element: Element, uses: JiraRenderedUses): readonly ChildNode[] {
  if (hasClass(element, 'user-hover')) return [personName(element, uses)]
  const key = attribute(element, 'data-issue-key') ?? keyInAddress(attribute(element, 'href'))
  const isIssue = hasClass(element, 'issue-link', 'jira-issue-macro-key') || attribute(element, 'data-issue-key') !== undefined
  if (key !== undefined && (isIssue || textContent(element).trim() === key)) return [issueKey(key, uses)]
  return [element]
}

function personName(element: Element, uses: JiraRenderedUses): Text {
  const name = textContent(element).trim()
  const id = attribute(element, 'rel')
  if (id !== undefined) uses.person?.(id, name)
  return new Text(name)
}

function issueKey(key: string, uses: JiraRenderedUses): Text {
  uses.issue?.(key)
  return new Text(key)
}

function keyInAddress(href: string | undefined): string | undefined {
  return /\/browse\/([A-Z][A-Z\d_]+-\d+)(?:[?#].*)?$/.exec(href ?? '')?.[1]
}

/** The file name where there is no text; not the icon that marks a link as leading outside or to an attachment. */
function rewrittenImage(element: Element): readonly ChildNode[] {
  if (isEmoticon(element)) return [new Text(emoticonText(element))]
  if (hasClass(element, 'rendericon', 'icon') || /\/images\/icons\//.test(attribute(element, 'src') ?? '')) return []
  const alt = attribute(element, 'alt')?.trim()
  if (alt === undefined || alt === '') element.attribs['alt'] = attachmentName(element) ?? fileName(attribute(element, 'src') ?? '')
  return [element]
}

/** A thumbnail's own address has a number in the place of the name, which stands beside it or around it. */
function attachmentName(image: Element): string | undefined {
  const own = attribute(image, 'data-attachment-name')?.trim()
  if (own) return own
  if (!/\/thumbnail\//.test(attribute(image, 'src') ?? '')) return undefined
  let around = image.parent
  for (let levels = 0; levels < 4 && isElement(around); levels += 1) {
    const name = ['filename', 'file-preview-title', 'title'].map((key) => attribute(around as Element, key)?.trim()).find(Boolean)
    if (name !== undefined) return name
    const target = attribute(around, 'href') ?? ''
    if (/\/attachment\//.test(target)) return fileName(target)
    around = around.parent
  }
  return undefined
}

function fileName(address: string): string {
  // …/secure/attachment/10100/10100_shot.png, …/secure/thumbnail/10100/_thumb_10100.png
  const path = address.split(/[?#]/, 1)[0] ?? ''
  const last = (path.split('/').at(-1) ?? '').replace(/^\d+_|^_thumb_/, '')
  // Jira writes a space in the name of an attachment as a plus, and a plus as %2B.
  const name = path.includes('/secure/') ? last.replaceAll('+', ' ') : last
  try {
    return decodeURIComponent(name)
  } catch {
    // A stray percent sign: the name is meant literally.
    return name
  }
}

/** `{panel}` is a quotation that begins with its title; `{code}` and `{noformat}` are their block, below the title. */
function rewrittenPanel(element: Element): readonly ChildNode[] {
  if (hasClass(element, 'code', 'preformatted')) return [element]
  for (const header of childElements(element)) {
    if (hasClass(header, 'panelHeader')) header.attribs['class'] = 'title'
  }
  const quotation = new Element('blockquote', {})
  link(quotation, element.children)
  return [quotation]
}

/** A "jira-issue-macro" shows icon, title and status of the other issue. */
function rewrittenSpan(element: Element, uses: JiraRenderedUses): readonly ChildNode[] {
  if (hasClass(element, 'jira-issue-macro')) {
    const key = attribute(element, 'data-jira-key')
    return key === undefined ? [element] : [issueKey(key, uses)]
  }
  return hasClass(element, 'aui-lozenge', 'jira-macro-single-issue-export-pdf') ? [] : [element]
}
