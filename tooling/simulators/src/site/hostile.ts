import { gzipSync } from 'node:zlib'
import type { SiteHandler } from './site-simulator.ts'

const HTML = { 'content-type': 'text/html; charset=utf-8' }

/** Each page links to two that are deeper. */
export const endlessLinks: SiteHandler = (_, response, url) => {
  const links = ['left', 'right'].map((name) => `<a href="${url.pathname.replace(/\/$/, '')}/${name}/">${name}</a>`)
  response.writeHead(200, HTML).end(`<title>Room</title><main><h1>Room</h1><p>A room with two doors at ${url.pathname}.</p>${links.join(' ')}</main>`)
}

/** Each month links to the one before and the one after, in the query. */
export const calendar: SiteHandler = (_, response, url) => {
  const month = Number(url.searchParams.get('month') ?? 0)
  const link = (to: number) => `<a href="${url.pathname}?month=${to}">${to}</a>`
  response.writeHead(200, HTML).end(`<title>Month ${month}</title><main><h1>Month ${month}</h1><p>Nothing happens in month ${month}.</p>${link(month - 1)} ${link(month + 1)}</main>`)
}

/** A body of so many bytes, sent as fast as it is taken. */
export function bigBody(bytes: number): SiteHandler {
  return (_, response) => {
    response.writeHead(200, HTML)
    let left = bytes
    const more = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= 65_536
        if (!response.write(Buffer.alloc(65_536, 'a '))) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  }
}

/** A small answer that decompresses to so many bytes. */
export function gzipBomb(bytes: number): SiteHandler {
  const body = gzipSync(Buffer.alloc(bytes, '<p>'))
  return (_, response) => void response.writeHead(200, { ...HTML, 'content-encoding': 'gzip' }).end(body)
}

/** Redirects from one address to the next, without end. */
export const redirectChain: SiteHandler = (_, response, url) => {
  const next = Number(/\d+$/.exec(url.pathname)?.[0] ?? 0) + 1
  response.writeHead(302, { location: `${url.pathname.replace(/\d+$/, '')}${next}` }).end()
}

/** Redirects to whatever address, private ones for example. */
export function redirectTo(location: string, status = 302): SiteHandler {
  return (_, response) => void response.writeHead(status, { location }).end()
}

/** Unclosed, crossed and deeply nested elements, stray characters, a comment without an end. */
export const brokenHtml: SiteHandler = (_, response) => {
  const deep = '<div><b><table>'.repeat(20_000)
  response.writeHead(200, HTML).end(`<main><h1>Broken<p>Text of the broken page <b><i>crossed</b></i> &bogus; &#x110000; \u0000 <a href="http://[">bad</a>${deep}<!-- no end`)
}

/** A sitemap whose entities would expand to gigabytes. */
export const entityBomb: SiteHandler = (_, response) => {
  const entities = Array.from({ length: 10 }, (_unused, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`)
  const body = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "bomb">${entities.join('')}]><urlset><url><loc>&e10;</loc></url></urlset>`
  response.writeHead(200, { 'content-type': 'application/xml' }).end(body)
}
