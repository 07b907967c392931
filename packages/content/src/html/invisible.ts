import type { Element } from 'domhandler'

import { attribute, childElements, findElement, hasClass, isElement, isText, textContent } from './element.ts'
import { isTabLabel } from './tab-label.ts'

/** What shows no text of the document: machinery, embedded media, controls. */
const WITHOUT_TEXT = new Set(
  (
    'applet area audio base basefont bgsound button canvas col colgroup command datalist embed frame frameset head ' +
    'iframe keygen link map meta noembed noframes noscript object option optgroup param progress meter rp script ' +
    'select source style svg template title track video clipboard-copy'
  ).split(' '),
)

/** Whether a reader sees nothing of an element, or only a control or an icon. */
export function isInvisible(element: Element): boolean {
  if (WITHOUT_TEXT.has(element.name)) return element.name !== 'button' || !isTextOfButton(element) || isHidden(element)
  if (element.name === 'input') return !isCheckbox(element)
  if (element.name === 'dialog' && attribute(element, 'open') === undefined) return true
  return isHidden(element) || isControl(element)
}

function isHidden(element: Element): boolean {
  // A tab that is not chosen, a part that is folded and what is found by searching the page are there to be read.
  return isMarkedHidden(element) && !isFolded(element)
}

function isMarkedHidden(element: Element): boolean {
  if (attribute(element, 'aria-hidden')?.trim().toLowerCase() === 'true') return true
  const hidden = attribute(element, 'hidden')
  if (hidden !== undefined) return hidden !== 'until-found'
  const style = attribute(element, 'style')
  return style !== undefined && /(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style)
}

function isFolded(element: Element): boolean {
  const role = attribute(element, 'role')
  if (role === 'tabpanel' || (role === 'region' && attribute(element, 'aria-labelledby') !== undefined) || isBelowItsHeading(element)) return true
  return hasClass(
    element,
    'tab-pane', 'tabpanel', 'tab-panel', 'tab-content', 'tabcontent', 'tabbed-block', 'sphinx-tabs-panel', 'accordion-body',
    'accordion-content', 'accordion-panel', 'accordion-collapse', 'accordion__content', 'collapsible-content', 'faq-answer',
  )
}

/** The heading before it has a button that folds it: a question and its answer. */
function isBelowItsHeading(element: Element): boolean {
  let before = element.prev
  while (before !== null && !isElement(before)) before = before.prev
  if (before === null || before.children.length > MANY) return false
  if (isHeading(before)) return folds(before)
  // A frame around the heading alone.
  const [only, more] = childElements(before)
  return only !== undefined && more === undefined && only.children.length <= MANY && isHeading(only) && folds(only)
}

function isHeading(element: Element): boolean {
  return HEADING.test(element.name) || attribute(element, 'role') === 'heading'
}

function folds(heading: Element): boolean {
  return findElement(heading, (inner) => attribute(inner, 'aria-expanded') !== undefined) !== undefined
}

/** Buttons with text of the page: the heading of a part that they fold, or the label of a tab. */
function isTextOfButton(element: Element): boolean {
  return isTabLabel(element) || isWholeHeading(element) || (element.children.length < MANY && childElements(element).some(({ name }) => HEADING.test(name)))
}

const HEADING = /^(?:h[1-6]|dt|summary|legend)$/
/** Elements with more children than this are looked at as a whole only. */
const MANY = 16

/** The button is all that a heading shows, apart from icons. */
function isWholeHeading(element: Element): boolean {
  let inner = element
  for (let { parent } = element, level = 0; isElement(parent) && level < 4; { parent } = parent, level++) {
    if (parent.children.length > MANY || parent.children.some((child) => child !== inner && showsText(child))) return false
    if (HEADING.test(parent.name) || attribute(parent, 'role') === 'heading') return true
    inner = parent
  }
  return false
}

function showsText(node: Element['children'][number]): boolean {
  if (isText(node)) return node.data.trim() !== ''
  return isElement(node) && !/^(?:svg|i|img|a)$/.test(node.name) && textContent(node).trim() !== ''
}

/** What unfolds the text of a page says nothing itself. */
const UNFOLDS = /^(?:expand|collapse|show|hide)(?: (?:the )?(?:description|details|more|all|declaration|contents?|examples?|code|section))?$/i

/** Copy buttons and the like that are no `button`. */
function isControl(element: Element): boolean {
  if (attribute(element, 'role') === 'button' && element.name !== 'a' && element.name !== 'summary') {
    return !isWholeHeading(element) && findElement(element, ({ name }) => HEADING.test(name)) === undefined
  }
  if (element.name === 'summary') return hasClass(element, 'hideme') || UNFOLDS.test(textContent(element).trim().slice(0, 60))
  if (element.name === 'a' && /^\s*javascript:/i.test(attribute(element, 'href') ?? '')) return !/[\p{L}\p{N}]/u.test(textContent(element))
  if (element.name === 'a' && hasClass(element, 'src', 'srclink')) return /^\[?(?:source|src)\]?$/i.test(textContent(element).trim().slice(0, 10))
  return hasClass(
    element,
    // Runs an example of rustdoc on a playground; the whole example is in its address.
    'test-arrow',
    'copybtn', 'copy-button', 'btn-copy', 'btn-clipboard', 'md-clipboard', 'md-code__nav', 'zeroclipboard-container',
    'clipboard', 'copybutton', 'snippet-copy', 'source-toolbox', 'code-toolbar-actions',
    'MathJax_Preview', 'katex-html', 'mwe-math-fallback-image-inline', 'mw-editsection', 'mw-empty-elt',
  )
}

export function isCheckbox(element: Element): boolean {
  return element.name === 'input' && attribute(element, 'type')?.toLowerCase() === 'checkbox'
}
