import { retryAfterMs } from '@qdrant-loader/connector-sdk'
import { expect, test } from 'vitest'
import { repeated, slowOnes } from '@qdrant-loader/testing/growth'
import { HTML_TEXTS, PLAIN_TEXTS } from '@qdrant-loader/testing/hostile-texts'
import { printableText, printableUrl, proxyFor } from '../src/index.ts'
import { checkStatus, parseJson } from '../src/json-api-errors.ts'
import { quotaPauseMs } from '../src/rate-headers.ts'
import type { HttpResponse } from '../src/request.ts'

function response(status: number, text: string): HttpResponse {
  return { status, headers: new Headers(), url: 'https://api.example.com/', redirects: [], body: Buffer.from(text) }
}

/** Calls, and takes an error for an answer. */
function quietly(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}

test('H2: twice the answer takes at most 2.5 times as long', () => {
  const json = [repeated('arrays in arrays', '['), repeated('messages', '"a",', '{"errorMessages":[', '"a"]}'), repeated('escapes', '\\n', '{"message":"', '"}')]
  const forms = [repeated('words of a sign-in', 'log-', '<'), repeated('types', 'type = ', '<'), repeated('spaces in a type', ' ', '<type')]
  const texts = [...json, ...forms, ...HTML_TEXTS.slice(0, 8), ...PLAIN_TEXTS.slice(0, 8)]
  expect(slowOnes((text) => quietly(() => parseJson(response(200, text))), texts)).toEqual([])
  expect(slowOnes((text) => quietly(() => checkStatus(response(500, text), [], (said) => said)), texts)).toEqual([])
})

test('H2: twice the words, address or header take at most 2.5 times as long', () => {
  const urls = [repeated('slashes', '/', 'https://a/'), repeated('colons', ':', 'https://a'), repeated('users', 'a@', 'https://')]
  expect(slowOnes(printableText, PLAIN_TEXTS)).toEqual([])
  expect(slowOnes(printableUrl, urls)).toEqual([])
  expect(slowOnes((no) => proxyFor(new URL('http://a.b/'), { http: 'http://proxy', no }), [repeated('commas', ','), repeated('names', 'a.b.c,'), repeated('colons', ':')])).toEqual([])
  const headers = [repeated('digits', '1'), repeated('dots', '1.'), repeated('words', 'Mon, ')]
  expect(slowOnes((value) => retryAfterMs((name) => (name === 'retry-after' ? value : null), 0), headers)).toEqual([])
  expect(slowOnes((value) => quotaPauseMs(new Headers({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': value }), 0), headers)).toEqual([])
})
