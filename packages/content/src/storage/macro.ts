import { asTyped } from './percent-decoded.ts'
import type { IncludeReference, PageReference } from './references.ts'
import type { XmlElement, XmlNode } from './read-xml.ts'
import { type Resource, readResource } from './resource.ts'
import { attribute, childElements, childNamed, descendants, textOf } from './xml-query.ts'

/** A macro with its parameters and its body. */
export interface Macro {
  /** In lower case. */
  readonly name: string
  readonly parameters: ReadonlyMap<string, MacroParameter>
  readonly richBody?: XmlElement
  readonly plainBody?: string
  /** What a broken page has in the macro beside its parameters and bodies. */
  readonly stray: readonly XmlNode[]
}

export interface MacroParameter {
  readonly text: string
  readonly resources: readonly Resource[]
}

const MACRO_ELEMENTS = new Set(['ac:structured-macro', 'ac:macro'])

export function isMacro(element: XmlElement): boolean {
  return MACRO_ELEMENTS.has(element.name)
}

export function readMacro(element: XmlElement): Macro {
  const parameters = new Map<string, MacroParameter>()
  for (const child of childElements(element)) {
    if (!isParameter(child)) continue
    const key = child.name === 'ac:default-parameter' ? '' : attribute(child, 'ac:name') ?? ''
    const resources = [...descendants(child)].map(readResource).filter(resource => resource !== undefined)
    if (!parameters.has(key)) parameters.set(key, { text: asTyped(textOf(child).trim()), resources })
  }
  const richBody = childNamed(element, 'ac:rich-text-body')
  const plain = childNamed(element, 'ac:plain-text-body')
  const stray = element.children.filter(child => child !== richBody && child !== plain && !isParameter(child))
  return {
    name: (attribute(element, 'ac:name') ?? '').toLowerCase(),
    parameters,
    stray,
    ...(richBody !== undefined && { richBody }),
    ...(plain !== undefined && { plainBody: asTyped(textOf(plain)) }),
  }
}

export function isParameter(node: XmlNode): boolean {
  return node.type === 'element' && (node.name === 'ac:parameter' || node.name === 'ac:default-parameter')
}

/** Text of the first of these parameters that has one. */
export function parameter(macro: Macro, ...names: readonly string[]): string {
  for (const name of names) {
    const text = macro.parameters.get(name)?.text
    if (text !== undefined && text !== '') return text
  }
  return ''
}

/** Text of the first parameter that has one of these names in any spelling: `codeLanguage`, `code-language`. */
export function parameterLike(macro: Macro, ...names: readonly string[]): string {
  const texts = new Map<string, string>()
  for (const [name, { text }] of macro.parameters) {
    const plain = plainName(name)
    if (text !== '' && !texts.has(plain)) texts.set(plain, text)
  }
  return names.map(name => texts.get(plainName(name))).find(text => text !== undefined) ?? ''
}

/** Software differs in how it writes `diagramName`. */
export function plainName(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase()
}

/** What is in a body, without the paragraph around it when there is just one. */
export function lineIn(body: XmlElement): readonly XmlNode[] {
  const content = body.children.filter(child => child.type === 'element' || child.value.trim() !== '')
  const [only] = content
  return content.length === 1 && only?.type === 'element' && only.name === 'p' ? only.children : body.children
}

/** The macros that show another page, or an excerpt of it. Those of MultiExcerpt are an app's, and widely used. */
const INCLUDES: ReadonlyMap<string, IncludeReference['kind']> = new Map([
  ['include', 'page'],
  ['excerpt-include', 'excerpt'],
  ['multiexcerpt-include', 'excerpt'],
  ['multiexcerpt-include-macro', 'excerpt'],
])

export const EXCERPT_MACROS: readonly string[] = ['excerpt', 'multiexcerpt', 'multiexcerpt-macro']

export const INCLUDE_MACROS: readonly string[] = [...INCLUDES.keys()]

/** What an `include` or `excerpt-include` macro shows; `undefined` for other macros and for one that names no page. */
export function includeOf(macro: Macro): IncludeReference | undefined {
  const kind = INCLUDES.get(macro.name)
  const page = kind === undefined ? undefined : includedPage(macro)
  if (kind === undefined || page === undefined) return undefined
  const excerpt = kind === 'page' ? '' : excerptName(macro)
  return { kind, page, ...(excerpt !== '' && { excerpt }) }
}

/** What an excerpt is called, in the macro around it and in the one that shows it elsewhere. */
export function excerptName(macro: Macro): string {
  return parameter(macro, 'name', 'MultiExcerptName')
}

// Written by the editors of old: `Title` or `KEY:Title` as plain text.
const TITLE_WITH_SPACE = /^(~?[A-Za-z0-9._@-]+):(.+)$/s

// `default-parameter` is what pages that were written through the API of Cloud have for the parameter without a name.
const PAGE_PARAMETERS = ['', 'default-parameter', 'page', 'pageTitle', 'PageWithExcerpt']

function includedPage(macro: Macro): PageReference | undefined {
  return pageIn(macro, PAGE_PARAMETERS) ?? pageNamed(macro, parameter(macro, ...PAGE_PARAMETERS)) ?? pageIn(macro, macro.parameters.keys())
}

/** The first page that these parameters link. */
function pageIn(macro: Macro, names: Iterable<string>): PageReference | undefined {
  for (const name of names) {
    for (const resource of macro.parameters.get(name)?.resources ?? []) if (resource.type === 'page') return resource.page
  }
  return undefined
}

function pageNamed(macro: Macro, text: string): PageReference | undefined {
  if (text === '') return undefined
  const [, key, title] = TITLE_WITH_SPACE.exec(text) ?? []
  if (key !== undefined && title !== undefined && !title.startsWith(' ')) return { kind: 'page', spaceKey: key, title: title.trim() }
  const space = macro.parameters.get('spaceKey')
  const linked = space?.resources.find(resource => resource.type === 'space')?.key
  const spaceKey = linked ?? space?.text ?? ''
  return { kind: 'page', ...(spaceKey !== '' && { spaceKey }), title: text }
}
