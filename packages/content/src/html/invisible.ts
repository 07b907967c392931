import type { Element } from 'domhandler'

import { attribute, hasClass } from './element.ts'

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
  if (WITHOUT_TEXT.has(element.name)) return true
  if (element.name === 'input') return !isCheckbox(element)
  if (element.name === 'dialog' && attribute(element, 'open') === undefined) return true
  return isHidden(element) || isControl(element)
}

function isHidden(element: Element): boolean {
  if (attribute(element, 'aria-hidden')?.trim().toLowerCase() === 'true') return true
  const hidden = attribute(element, 'hidden')
  // A tab that is not chosen and what is found by searching the page are there to be read.
  if (hidden !== undefined) return hidden !== 'until-found' && attribute(element, 'role') !== 'tabpanel'
  const style = attribute(element, 'style')
  return style !== undefined && /(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style)
}

/** Copy buttons and the like that are no `button`. */
function isControl(element: Element): boolean {
  if (attribute(element, 'role') === 'button' && element.name !== 'a' && element.name !== 'summary') return true
  return hasClass(
    element,
    'copybtn', 'copy-button', 'btn-copy', 'btn-clipboard', 'md-clipboard', 'md-code__nav', 'zeroclipboard-container',
    'clipboard', 'copybutton', 'snippet-copy', 'source-toolbox', 'code-toolbar-actions',
    'MathJax_Preview', 'katex-html', 'mwe-math-fallback-image-inline', 'mw-editsection', 'mw-empty-elt',
  )
}

export function isCheckbox(element: Element): boolean {
  return element.name === 'input' && attribute(element, 'type')?.toLowerCase() === 'checkbox'
}
