import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'

import { decodeText } from './decode-text.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const bytes = (text: string, charset: string): Uint8Array => iconv.encode(text, charset)
const html = { html: true }

describe('the charset of a text', () => {
  test('a byte order mark outweighs header and declaration', () => {
    const marked = Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8('<meta charset=koi8-r>é'))
    expect(decodeText(marked, 'text/html; charset=iso-8859-1', html)).toEqual({
      text: '<meta charset=koi8-r>é',
      charset: 'utf-8',
    })
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x41, 0), undefined, html)).toEqual({ text: 'A', charset: 'utf-16le' })
    expect(decodeText(Uint8Array.of(0xfe, 0xff, 0, 0x41), undefined, html)).toEqual({ text: 'A', charset: 'utf-16be' })
  })

  test.each([
    ['text/html; charset=koi8-r', 'koi8-r'],
    ['text/html;charset="Windows-1251"', 'windows-1251'],
    ["text/html; Charset='shift_jis'; x=y", 'shift_jis'],
    ['text/plain; charset=GB2312', 'gbk'],
  ])('the header %s decides', (header, charset) => {
    const text = charset === 'shift_jis' ? 'テスト' : charset === 'gbk' ? '文字' : 'Привет'
    expect(decodeText(bytes(text, charset), header, html)).toEqual({ text, charset })
  })

  test.each([
    ['<meta charset="windows-1251"><p>Привет', 'windows-1251'],
    ["<META charset = 'windows-1251' ><p>Привет", 'windows-1251'],
    ['<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Привет', 'windows-1251'],
    ['<?xml version="1.0" encoding="windows-1251"?><html><p>Привет', 'windows-1251'],
    ['<!-- <meta charset="koi8-r"> --><meta charset="windows-1251"><p>Привет', 'windows-1251'],
  ])('a document declares its own: %s', (text, charset) => {
    expect(decodeText(bytes(text, charset), 'text/html', html)).toEqual({ text, charset })
  })

  test('a declaration in plain text is text', () => {
    expect(decodeText(utf8('<meta charset="koi8-r">é'), 'text/plain', { html: false }).charset).toBe('utf-8')
  })

  test('a document that can be read as ASCII is not UTF-16, whatever it declares', () => {
    expect(decodeText(utf8('<meta charset="utf-16">é'), undefined, html)).toEqual({
      text: '<meta charset="utf-16">é',
      charset: 'utf-8',
    })
  })

  test('Latin-1 means windows-1252, as in browsers', () => {
    const quoted = Uint8Array.of(0x93, 0x61, 0x94, 0x80)
    expect(decodeText(quoted, 'text/html; charset=ISO-8859-1', html)).toEqual({ text: '“a”€', charset: 'windows-1252' })
  })

  test('without any declaration it is UTF-8 where that is valid, else windows-1252', () => {
    expect(decodeText(utf8('naïve 語'), undefined, html)).toEqual({ text: 'naïve 語', charset: 'utf-8' })
    expect(decodeText(bytes('naïve', 'windows-1252'), undefined, html)).toEqual({ text: 'naïve', charset: 'windows-1252' })
  })

  test.each(['text/html; charset=klingon', 'text/html; charset=', 'text/html; charset=base64', ';;;', ''])(
    'an unknown label counts as none: %s',
    (header) => expect(decodeText(utf8('<meta charset="x-nothing">é'), header, html).charset).toBe('utf-8'),
  )

  test('a declared UTF-8 that is not valid stays UTF-8 with replacement characters', () => {
    expect(decodeText(Uint8Array.of(0x61, 0xff, 0x62), 'text/html; charset=utf-8', html).text).toBe('a\uFFFDb')
  })

  test('no bytes are no text', () => {
    expect(decodeText(new Uint8Array(0), undefined, html)).toEqual({ text: '', charset: 'utf-8' })
  })
})
