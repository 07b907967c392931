import type { IncomingMessage } from 'node:http'
import { type Answer, html } from '../base/answer.ts'
import type { SiteBehaviour } from './quirks.ts'
import { renderPage } from './render-page.ts'
import type { SitePage } from './site-page.ts'
import type { SiteWorld } from './site-world.ts'

/** Links that the switches of a site add to a page: to its other form, to nothing, to a redirect that does not end. */
export function quirkLinks(page: SitePage, world: SiteWorld, { twins, deadLinks, redirects, markup }: SiteBehaviour): readonly string[] {
  const isStart = page.path === '/'
  const twin = twins === 'none' ? undefined : twinPath(page, twins, markup)
  return [
    ...(twin !== undefined && isTwin(twin, page, world) ? [twin] : []),
    ...(isStart && twins === 'llms' ? ['/llms.txt'] : []),
    ...(isStart ? Array.from({ length: deadLinks }, (_, at) => `/dead/${at}.html`) : []),
    ...(isStart && redirects !== 'off' ? [`/${redirects}/0`] : []),
  ]
}

/** What a switch makes of a request, or undefined where the world answers. */
export function quirkAnswer(request: IncomingMessage, url: URL, path: string, world: SiteWorld, behaviour: SiteBehaviour): Answer | undefined {
  const { redirects, refuse, scripts } = behaviour
  const moved = /^\/(endless|circle)\/(\d+)$/.exec(path)
  if (moved !== null && redirects !== 'off') {
    const next = moved[1] === 'circle' ? (Number(moved[2]) + 1) % 3 : Number(moved[2]) + 1
    return redirect(301, `/${moved[1]}/${next}`)
  }
  const isPage = world.at(path)?.kind === 'page'
  if (isPage && path !== '/' && refuse !== 'off' && isChosen(path, behaviour.refuseShare)) return refusal(refuse, url, request)
  if (isPage && path !== '/' && scripts) return html(200, '<!doctype html><title>App</title><body><div id="root"></div><noscript>Please enable JavaScript.</noscript><script src="/app.js"></script>')
  return twinAnswer(url, path, world, behaviour)
}

/** How a site refuses a page. */
export function refusal(refuse: Exclude<SiteBehaviour['refuse'], 'off'>, url: URL, request: IncomingMessage): Answer {
  switch (refuse) {
    case '401':
    case '403':
      return html(Number(refuse), '<title>No</title><p>You may not read this.</p>')
    case 'loop':
      return redirect(302, url.pathname)
    case 'cookie':
      // A client that keeps cookies would come back with one.
      return redirect(302, `${url.pathname}?cookie=${Number(url.searchParams.get('cookie') ?? 0) + (request.headers.cookie === undefined ? 1 : 0)}`, { 'set-cookie': 'seen=1' })
    case 'elsewhere':
      return redirect(302, `https://consent.example.com/?back=${encodeURIComponent(url.href)}`)
    case 'encoding':
      return html(200, 'x', { 'content-encoding': 'zstd' })
  }
}

/** The same pages in each run. */
function isChosen(path: string, share: number): boolean {
  let hash = 0
  for (const character of path) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000
  return hash < share * 1_000
}

type Twins = Exclude<SiteBehaviour['twins'], 'none'>

/** Where the other form of a page stands. Pages that are not indexed, or name another one, have none here. */
function twinPath({ path, format, noindex, canonical }: SitePage, twins: Twins, markup: SiteBehaviour['markup']): string | undefined {
  // Markup with words of its own is not what the Markdown says.
  if (markup === 'furniture' && twins === 'markdown') return undefined
  if ((format ?? 'html') !== 'html' || noindex === true || canonical !== undefined || path === '/') return undefined
  const stem = path.replace(/\.html$/, '').replace(/\/$/, '/index')
  switch (twins) {
    case 'markdown':
      return `${stem}.md`
    case 'sources':
      return `/_sources${stem}.rst.txt`
    case 'bare':
      return path.endsWith('.html') ? stem : undefined
    case 'print':
      return `${path}?print=1`
    case 'llms':
      return undefined
  }
}

/** A page of its own at that path is no other form. */
function isTwin(twin: string, page: SitePage, world: SiteWorld): boolean {
  return twin === `${page.path}?print=1` || (world.at(twin) === undefined && world.at(`${twin}/`) === undefined)
}

function twinAnswer(url: URL, path: string, world: SiteWorld, behaviour: SiteBehaviour): Answer | undefined {
  const { twins, siteTitle, markup } = behaviour
  if (twins === 'none') return undefined
  if (twins === 'llms') return path === '/llms.txt' ? text(`# ${siteTitle}\n\n${world.pages().map((page) => `- ${page.title}`).join('\n')}\n`, 'text/plain') : undefined
  const asked = `${path}${url.search}`
  const page = world.pages().find((one) => twinPath(one, twins, markup) === asked)
  if (page === undefined || !isTwin(asked, page, world)) return undefined
  if (twins === 'markdown' || twins === 'sources') {
    return text(renderPage({ ...page, format: 'markdown', charset: 'utf-8' }, { siteTitle, build: 1, token: undefined, extraLinks: [], behaviour }).body.toString(), twins === 'markdown' ? 'text/markdown' : 'text/plain')
  }
  const { body, contentType } = renderPage(page, { siteTitle, build: 1, token: undefined, extraLinks: [], behaviour })
  return { status: 200, contentType, body }
}

function redirect(status: number, location: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { location, ...headers }, body: '' }
}

function text(body: string, type: string): Answer {
  return { status: 200, contentType: `${type}; charset=utf-8`, body }
}
