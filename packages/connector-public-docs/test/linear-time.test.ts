import { expect, test } from 'vitest'
import { repeated, slowOnes } from '@qdrant-loader/testing/growth'
import { HTML_TEXTS, PLAIN_TEXTS } from '@qdrant-loader/testing/hostile-texts'
import { parseRobots } from '../src/site/robots.ts'
import { parseSitemap } from '../src/sitemap/sitemap-xml.ts'
import { cleanUrl } from '../src/site/url-form.ts'

const SITE = new URL('https://docs.example.com/robots.txt')

test('H2: a sitemap of twice the length takes at most 2.5 times as long', () => {
  const own = [
    repeated('entries', '<url><loc>https://docs.example.com/a</loc></url>', '<urlset>', '</urlset>'),
    repeated('entries that are not closed', '<url><loc>', '<urlset>'),
    repeated('spaces in a declaration', ' ', '<?xml'),
    repeated('a comment behind a declaration', '-', '<?xml version="1.0"?><!--'),
  ]
  expect(slowOnes(parseSitemap, [...own, ...HTML_TEXTS.slice(0, 16)])).toEqual([])
})

test('H2: a robots.txt of twice the length takes at most 2.5 times as long', () => {
  const own = [
    repeated('groups', 'User-agent: *\nDisallow: /a\n'),
    repeated('agents', 'User-agent: a\n'),
    repeated('stars in one rule', '*a', 'User-agent: *\nDisallow: /'),
    repeated('spaces before a value', ' ', 'User-agent:', '*'),
    repeated('comments', '#', 'User-agent: *\nDisallow: /'),
  ]
  expect(slowOnes((text) => parseRobots(SITE, text), [...own, ...PLAIN_TEXTS.slice(0, 10)])).toEqual([])
})

test('H2: a link of twice the length takes at most 2.5 times as long', () => {
  const own = [repeated('slashes', '/', 'https://a.b/'), repeated('sessions', ';jsessionid=a', 'https://a.b/'), repeated('parameters', 'a=b&', 'https://a.b/?'), repeated('percent signs', '%', 'https://a.b/')]
  expect(slowOnes((text) => cleanUrl(text, 'https://a.b/'), own)).toEqual([])
})
