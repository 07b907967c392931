import { visibleText } from '../markdown/phrasing.ts'
import type { XmlElement } from './read-xml.ts'
import { TELLING_PARAMETERS } from './telling-parameters.ts'
import { attribute, childElements, textOf } from './xml-query.ts'

/** An attribute of a node of the Cloud editor. */
export function adfAttribute(node: XmlElement, key: string): string {
  const found = attributeElement(node, key)
  return found === undefined ? '' : visibleText(textOf(found)).trim()
}

function attributeElement(node: XmlElement, key: string): XmlElement | undefined {
  return childElements(node).find(child => child.name === 'ac:adf-attribute' && attribute(child, 'key') === key)
}

/** What a reader sees of the settings of an app: the words in them, and what is code of some kind. */
export interface AdfParameters {
  readonly words: readonly string[]
  readonly code: readonly string[]
  readonly language: string
}

/**
 * Reads the settings of an app. Apps of Forge have them in `guest-params`, macros in `macro-params`; what is in other
 * places (`extension-title`, `macro-metadata`, …) is about the app, not about this page.
 */
export function adfParameters(node: XmlElement): AdfParameters {
  const values = new Map<string, string>()
  const all = attributeElement(node, 'parameters')
  const guests = all === undefined ? [] : childElements(all).filter(child => GUESTS.has(attribute(child, 'key') ?? ''))
  for (const holder of [...guests, ...(all === undefined ? [] : [all])]) {
    for (const child of childElements(holder)) {
      const name = plainName(attribute(child, 'key') ?? '')
      if (!values.has(name)) values.set(name, valueOf(child))
    }
  }
  const value = (name: string): string => values.get(plainName(name)) ?? ''
  const texts = [...new Set(TELLING_PARAMETERS.map(value))]
  return {
    words: texts.filter(text => !text.includes('\n')).map(text => visibleText(text).trim()).filter(word => word !== ''),
    // A text of several lines is the source of a diagram, say, and its lines are part of it.
    code: [value('__bodyContent'), ...texts.filter(text => text.includes('\n'))],
    language: value('language'),
  }
}

const GUESTS = new Set(['guest-params', 'macro-params'])

/** Storage format writes `diagram-name` for what apps call `diagramName`. */
function plainName(name: string): string {
  return name.replaceAll('-', '').toLowerCase()
}

/** The text of a parameter, which macros have one level deeper; nothing for a list or an object. */
function valueOf(parameter: XmlElement): string {
  const children = childElements(parameter)
  const value = children.find(child => attribute(child, 'key') === 'value')
  if (value !== undefined) return childElements(value).length === 0 ? textOf(value).trim() : ''
  return children.length === 0 ? textOf(parameter).trim() : ''
}
