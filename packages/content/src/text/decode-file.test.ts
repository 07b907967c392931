import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'

import { decodeFile } from './decode-file.ts'

const RUSSIAN = 'Это руководство описывает установку программы и её первые шаги. Сначала скачайте архив с сайта.'
const CHINESE = '本指南介绍如何安装程序以及最初的步骤。首先从网站下载压缩包，然后打开终端并运行安装命令。'
const JAPANESE = 'このガイドでは、プログラムのインストール方法と最初の手順を説明します。まずウェブサイトからアーカイブをダウンロードします。'
const KOREAN = '이 안내서는 프로그램 설치 방법과 첫 단계를 설명합니다. 먼저 웹사이트에서 압축 파일을 내려받으십시오.'

describe('F13: encodings from before Unicode', () => {
  it.each([
    ['koi8-r', RUSSIAN],
    ['windows-1251', RUSSIAN],
    ['gb18030', CHINESE],
    ['shift_jis', JAPANESE],
    ['euc-jp', JAPANESE],
    ['euc-kr', KOREAN],
    ['windows-1252', 'Un café déjà vu — naïve façade.'],
    ['windows-1252', 'author: José'],
  ])('%s', async (encoding, text) => {
    expect(await decodeFile(iconv.encode(text, encoding))).toEqual({ text, legacyEncoding: encoding })
  })

  it('what nothing explains is not text', async () => {
    expect(await decodeFile(Buffer.from([0x41, 0x81, 0x8d, 0x8f, 0x90, 0x9d, 0xff, 0xfe, 0x80, 0x41]))).toEqual({ skipped: 'undecodable' })
  })
})

describe('Unicode', () => {
  it.each([
    ['UTF-8', Buffer.from('é 漢字')],
    ['UTF-8 with a mark', Buffer.from('\ufeffé 漢字')],
    ['UTF-16LE with a mark', Buffer.from('\ufeffé 漢字', 'utf16le')],
    ['UTF-16BE with a mark', Buffer.from('\ufeffé 漢字', 'utf16le').swap16()],
  ])('%s', async (_, bytes) => {
    expect(await decodeFile(bytes)).toEqual({ text: 'é 漢字' })
  })
})

describe('what is no text', () => {
  it.each([
    ['a NUL', Buffer.from('a\0b'), 'binary'],
    ['F13: a zlib stream without a NUL', Buffer.from([0x78, 0x9c, 0x4b, 0x4c, 0x4a, 0x06, 0x03, 0x01, 0x02, 0x11]), 'binary'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), 'undecodable'],
    ['white space', Buffer.from(' \n\t'), 'empty'],
    ['a pointer of Git LFS', Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`), 'lfs-pointer'],
  ])('%s', async (_, bytes, skipped) => {
    expect(await decodeFile(bytes)).toEqual({ skipped })
  })

  it('is not a text of UTF-8 with a stray control character', async () => {
    expect(await decodeFile(Buffer.from('A bell \u0007 and \u0002 é.'))).toEqual({ text: 'A bell \u0007 and \u0002 é.' })
  })

  it('is not what terminals and old editors write', async () => {
    expect(await decodeFile(Buffer.from('\u001b[31mred\u001b[0m\f\v\b end\u001a'))).toMatchObject({ text: expect.stringContaining('red') })
  })
})
