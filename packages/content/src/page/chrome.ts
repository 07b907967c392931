import type { Element } from 'domhandler'

import { attribute, classesOf, findElement, isElement } from '../html/element.ts'

/**
 * Names (classes and ids, in lower case) of what stands around the content: navigation, links to neighbours, to the
 * source and to an editor, notes about the build, forms for opinions, consent and announcements.
 */
const NAMES = new Set(
  (
    'breadcrumb breadcrumbs wy-breadcrumbs theme-doc-breadcrumbs md-path navpath nav-path page-breadcrumbs ' +
    'navbar navigation nav-menu topnav subnav subnavlist bottomnav navheader navfooter nav-footer nav-links nav-bar ' +
    'site-nav site-header site-footer page-footer footer footer-content global-nav sidenav side-nav sidebar-nav ' +
    'sphinxsidebar sphinxsidebarwrapper bd-sidebar bd-sidebar-primary bd-sidebar-secondary wy-nav-side wy-nav-top ' +
    'md-sidebar md-header md-footer md-tabs md-nav theme-doc-sidebar-container related related-pages ' +
    'prev-next-area prev-next prev-next-footer prevnext pagination pagination-nav pager page-nav rst-footer-buttons ' +
    'nav-chapters nav-wrapper mobile-nav-chapters vp-doc-footer vpdocfooter pagination-links docs-pagination ' +
    'md-source-file md-content__button theme-doc-footer theme-edit-this-page theme-last-updated edit-this-page ' +
    'edit-page edit-page-link edit-link editthispage edit-me edit-on-github last-updated lastupdated last-update ' +
    'last-modified page-info page-metadata git-revision-date-localized-plugin git-page-creation-date td-page-meta ' +
    'viewcode-link viewcode-back doc-source-link rst-versions rst-other-versions versions-menu version-selector ' +
    'page-versions theme-doc-version-banner theme-doc-version-badge toolbar page-toolbar nav-container ' +
    'feedback page-feedback md-feedback was-this-helpful feedback--answer share social-share share-buttons addtoany ' +
    'skip-link skip-to-content skiplink skip-nav skiptocontent mw-jump-link printfooter catlinks navbox mw-footer ' +
    'announcement announcement-bar cookie-banner cookie-consent cookie-notice cookies cookie-bar consent-banner ' +
    'gdpr-banner searchbox search-bar search-box search-form tocbacklinks headertabs backtotop back-to-top top-link ' +
    'dynheader manual-nav footer-links sidebar-toggle cc-window cc-banner onetrust-consent-sdk banner-cookie ' +
    'legacy-banner outdated-warning page-actions article-actions navrow'
  ).split(' '),
)
/** Names of tables of contents of the page itself. */
const CONTENTS = new Set(
  (
    'toc tableofcontents table-of-contents on-this-page page-toc localtoc bd-toc theme-doc-toc-desktop ' +
    'theme-doc-toc-mobile contents-table md-nav--secondary toc-container toc-wrapper vpdocaside right-toc td-toc ' +
    'table_of_contents pagetoc sidetoc inline-toc toc-list book-toc minitoc short-contents'
  ).split(' '),
)
const CHROME_ROLES = new Set(['navigation', 'banner', 'contentinfo', 'search', 'dialog', 'alertdialog', 'toolbar', 'menubar'])
const COOKIES = /^(?:js-)?(?:cookie|consent|gdpr)[-_]?(?:banner|bar|consent|notice|popup|message|dialog|modal|law|info)?$/

/** How an element stands to the content: part of it, a table of contents in it, or something around it. */
export type Part = 'content' | 'contents' | 'chrome'

/** Judges by element, role and names; what it says is about the element with all that is in it. */
export function partOf(element: Element): Part {
  switch (element.name) {
    case 'nav':
      return isContentsList(element) ? 'contents' : 'chrome'
    case 'footer':
      return isElement(element.parent) && /^(?:blockquote|figure)$/.test(element.parent.name) ? 'content' : 'chrome'
    case 'main':
    case 'body':
    case 'html':
    case 'article':
    case 'pre':
    case 'code':
      return 'content'
    default:
  }
  const role = attribute(element, 'role')?.toLowerCase()
  if (role === 'doc-toc' || role === 'directory') return 'contents'
  if (role !== undefined && CHROME_ROLES.has(role) && !holdsTitle(element)) return 'chrome'
  return partByName(element)
}

function partByName(element: Element): Part {
  const id = attribute(element, 'id')
  const classes = classesOf(element)
  if (id === undefined && classes.length === 0) return 'content'
  if (/^h[1-6]$/.test(element.name)) return 'content'
  let part: Part = 'content'
  for (const name of id === undefined ? classes : [...classes, id]) {
    const lower = name.toLowerCase()
    if (NAMES.has(lower) || COOKIES.test(lower)) return holdsTitle(element) ? 'content' : 'chrome'
    if (CONTENTS.has(lower) || isDocutilsContents(lower, classes)) part = 'contents'
    if (isSidebar(lower, element) || isManualMargin(lower, element)) return 'chrome'
  }
  return part !== 'content' && holdsTitle(element) ? 'content' : part
}

function isDocutilsContents(name: string, classes: readonly string[]): boolean {
  return name === 'contents' && (classes.includes('topic') || classes.includes('local'))
}

function isContentsList(element: Element): boolean {
  const label = attribute(element, 'aria-label') ?? ''
  return /contents|on this page/i.test(label) || classesOf(element).some((name) => CONTENTS.has(name.toLowerCase()) || name === 'contents')
}

/** A `sidebar` with a title of its own is a box in the text (reStructuredText). */
function isSidebar(name: string, element: Element): boolean {
  if (name !== 'sidebar' && name !== 'side-bar' && name !== 'left-sidebar' && name !== 'right-sidebar') return false
  return findElement(element, (inner) => classesOf(inner).includes('sidebar-title')) === undefined
}

/** Head and foot of a manual page: its name, date and the system it was built for. */
function isManualMargin(name: string, element: Element): boolean {
  return element.name === 'table' && (name === 'foot' || name === 'head')
}

/** What holds the title of the page is no chrome, whatever it is called. */
function holdsTitle(element: Element): boolean {
  return findElement(element, ({ name }) => name === 'h1' || name === 'main' || name === 'article') !== undefined
}
