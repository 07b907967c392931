import type { Element } from 'domhandler'

import { attribute, classesOf, isElement } from './element.ts'

const CLASSES = new Set([
  'tab', 'tabs__item', 'tablinks', 'tab-label', 'tab-button', 'tab-link', 'tab-title', 'tab-name', 'sd-tab-label',
  'tabbed-label', 'tabs-tab', 'sphinx-tabs-tab', 'nav-tab',
])
const CONTAINERS = /^(?:[\w-]{1,30}[-_])?tab(?:s|bed)?(?:[-_](?:labels?|set|list|nav|headers?))?$/i
/** Elements that may be labels. A `div` or `section` called "tab" is mostly what the label chooses. */
const INLINE = new Set(['a', 'button', 'label', 'span'])

/** Whether an element is the label of a tab, which is read as the title of what it chooses. */
export function isTabLabel(element: Element): boolean {
  if (!INLINE.has(element.name)) return false
  if (attribute(element, 'role') === 'tab') return true
  if (classesOf(element).some((name) => CLASSES.has(name))) return true
  return element.name === 'label' && isElement(element.parent) && classesOf(element.parent).some((name) => CONTAINERS.test(name))
}
