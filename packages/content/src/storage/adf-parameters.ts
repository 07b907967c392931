import { visibleText } from '../markdown/phrasing.ts'
import { guestParameters } from './guest-parameters.ts'
import { plainName } from './macro.ts'
import { asTyped } from './percent-decoded.ts'
import type { XmlElement } from './read-xml.ts'
import { type Telling, tellingParameters } from './telling-parameters.ts'
import { attribute, childElements, textOf } from './xml-query.ts'

/** An attribute of a node of the Cloud editor. */
export function adfAttribute(node: XmlElement, key: string): string {
  const found = attributeElement(node, key)
  return found === undefined ? '' : visibleText(textOf(found)).trim()
}

function attributeElement(node: XmlElement, key: string): XmlElement | undefined {
  return childElements(node).find(child => child.name === 'ac:adf-attribute' && attribute(child, 'key') === key)
}

/**
 * Reads the settings of an app. Apps of Forge have them in `guest-params`, macros in `macro-params`; what is in other
 * places (`extension-title`, `macro-metadata`, …) is about the app, not about this page.
 */
export function adfParameters(node: XmlElement): Telling {
  const all = attributeElement(node, 'parameters')
  if (all === undefined) return tellingParameters([])
  const guests = childElements(all).filter(child => GUESTS.has(plainName(attribute(child, 'key') ?? '')))
  const own = [...guests, all].flatMap(holder => childElements(holder)).filter(child => !guests.includes(child))
  return tellingParameters([
    ...own.map((child): [string, string] => [attribute(child, 'key') ?? '', asTyped(valueOf(child))]),
    ...guests.flatMap(guest => guestParameters(childElements(guest).length === 0 ? textOf(guest) : '')),
  ])
}

const GUESTS = new Set(['guestparams', 'macroparams'])

/** The text of a parameter, which macros have one level deeper; nothing for a list or an object. */
function valueOf(parameter: XmlElement): string {
  const children = childElements(parameter)
  const value = children.find(child => attribute(child, 'key') === 'value')
  if (value !== undefined) return childElements(value).length === 0 ? textOf(value).trim() : ''
  return children.length === 0 ? textOf(parameter).trim() : ''
}
