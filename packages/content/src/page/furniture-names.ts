/** A list of names, written as words. */
function names(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' '))
}

/**
 * Class names that one generator or plugin gives to what stands around the content, or that say so by themselves. No
 * author gives them to text. In lower case.
 */
export const OWN_FURNITURE = names(
  'wy-breadcrumbs theme-doc-breadcrumbs md-path navpath nav-path page-breadcrumbs navheader navfooter nav-footer',
  'docnav subnavlist sphinxsidebar sphinxsidebarwrapper bd-sidebar bd-sidebar-primary bd-sidebar-secondary',
  'wy-nav-side wy-nav-top md-sidebar md-header md-footer md-tabs md-nav theme-doc-sidebar-container vpsidebar vpnav',
  'vplocalnav prev-next-area prev-next prev-next-footer prevnext pagination-nav rst-footer-buttons nav-chapters',
  'nav-wrapper mobile-nav-chapters vp-doc-footer vpdocfooter pagination-links docs-pagination md-source-file',
  'md-content__button theme-doc-footer theme-edit-this-page theme-last-updated editthispage edit-this-page edit-page-link',
  'edit-on-github git-revision-date-localized-plugin git-page-creation-date td-page-meta viewcode-link viewcode-back',
  'doc-source-link rst-versions rst-other-versions theme-doc-version-banner theme-doc-version-badge md-feedback',
  'was-this-helpful feedback--answer addtoany skip-to-content skiptocontent mw-jump-link printfooter catlinks navbox',
  'mw-footer cookie-banner cookie-bar cookie-popup consent-banner gdpr-banner tocbacklinks headertabs dynheader',
  'footer-links sidebar-toggle cc-window cc-banner onetrust-consent-sdk banner-cookie legacy-banner navrow nav-panel',
  'related-pages bottom-of-page content-icon-container mobile-header sidebar-drawer toc-drawer sub-nav',
  'spirit-nav copyright-footer',
)

/**
 * Words for such things. Authors use them as well, for boxes of text and, as ids, for sections, so what the element
 * holds has to agree.
 */
export const FURNITURE_WORDS = names(
  'breadcrumb breadcrumbs navbar navigation nav-menu topnav subnav bottomnav nav-links nav-bar site-nav site-header',
  'site-footer page-footer footer footer-content global-nav sidenav side-nav sidebar-nav related pagination pager',
  'page-nav edit-page edit-link edit-me last-updated lastupdated last-update last-modified page-info page-metadata',
  'versions-menu version-selector page-versions toolbar page-toolbar nav-container feedback page-feedback share',
  'social-share share-buttons skip-link skiplink skip-nav announcement announcement-bar cookie-consent cookie-notice',
  'cookies cookie consent searchbox search-bar search-box search-form backtotop back-to-top top-link manual-nav',
  'outdated-warning page-actions article-actions menu mainmenu main-menu topmenu top-menu sidemenu side-menu',
)

/** Of these, the words for things in which something is chosen. */
export const MENU_WORDS = names(
  'navbar navigation nav-menu topnav subnav nav-links nav-bar related toolbar share search-box menu mainmenu main-menu topmenu top-menu sidemenu side-menu',
)

/** Names of tables of contents of the page itself. */
export const CONTENTS_NAMES = names(
  'toc tableofcontents table-of-contents on-this-page page-toc localtoc bd-toc theme-doc-toc-desktop',
  'theme-doc-toc-mobile contents-table md-nav--secondary toc-container toc-wrapper vpdocaside right-toc td-toc',
  'table_of_contents pagetoc sidetoc inline-toc toc-list book-toc minitoc short-contents shortcontents',
)

export const SIDEBAR_NAMES = names('sidebar side-bar left-sidebar right-sidebar')

/** Classes of sections, by which generators without `section` elements mark them. */
export const SECTION_CLASS =
  /^(?:(?:sub){0,2}section|sect[1-6]|refsect[1-6]|refsection|simplesect|level[1-6]|chapter|appendix|preface|part|unnumbered\w*)(?:-level-extent)?$/

/** Classes by which AsciiDoc marks blocks of text; such a block may have any id. */
export const TEXT_BLOCKS = names(
  'paragraph ulist olist dlist colist listingblock literalblock exampleblock sidebarblock admonitionblock imageblock',
  'openblock quoteblock verseblock stemblock tableblock para',
)
