import { describe, expect, it } from 'vitest'
import { parseSitemap } from './sitemap-xml.ts'

const ONE = '<url><loc>https://docs.example.com/a</loc><lastmod>2026-01-02</lastmod></url>'

describe('a sitemap', () => {
  it('names pages with what they say of their last change', () => {
    expect(parseSitemap(`<?xml version="1.0"?><urlset xmlns="x">${ONE}<url>\n<loc> /b </loc></url></urlset>`)).toEqual({
      kind: 'pages',
      entries: [{ url: 'https://docs.example.com/a', lastmod: '2026-01-02' }, { url: '/b' }],
      whole: true,
    })
  })

  it('may be an index, have a prefix, CDATA and comments', () => {
    const xml = '<s:sitemapindex><!-- <s:sitemap> > --><s:sitemap><s:loc><![CDATA[/a?x=1&y=2]]></s:loc></s:sitemap></s:sitemapindex>'
    expect(parseSitemap(xml)).toEqual({ kind: 'index', entries: [{ url: '/a?x=1&y=2' }], whole: true })
  })

  it('S11: may list nothing in one element, and is whole then', () => {
    expect(parseSitemap('\uFEFF<?xml version="1.0"?><urlset xmlns="x" />')).toEqual({ kind: 'pages', entries: [], whole: true })
  })

  it('passes over the elements of extensions', () => {
    const xml = '<urlset><url><loc>/a</loc><image:image><image:loc>/a.png</image:loc></image:image></url></urlset>'
    expect(parseSitemap(xml)?.entries).toEqual([{ url: '/a' }])
  })

  it('knows the predefined entities and no others', () => {
    const xml = '<!DOCTYPE urlset [<!ENTITY big "&big;&big;">]><urlset><url><loc>/a?x=1&amp;y=&#50;&#x33;&big;</loc></url></urlset>'
    expect(parseSitemap(xml)?.entries).toEqual([{ url: '/a?x=1&y=23&big;' }])
  })

  it('says when it was cut short', () => {
    for (const end of [10, 30, 60]) expect(parseSitemap(`<urlset>${ONE}${ONE}`.slice(0, -end))?.whole).toBe(false)
  })

  it('is not what has another root', () => {
    for (const text of ['', 'not found', '<!doctype html><html><body><url><loc>/a</loc></url></body></html>', '<rss></rss>']) {
      expect(parseSitemap(text)).toBeUndefined()
    }
  })

  it('is read in a time that grows with its length, whatever it holds', () => {
    const started = performance.now()
    for (const piece of ['<', '<!--', '<![CDATA[', '&#', '<url>', '<loc>']) parseSitemap(`<urlset>${piece.repeat(200_000)}`)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
