import { expect, it } from 'vitest'
import { excerptOf, storageReferences } from '../src/index.ts'
import { convert } from './storage-world.ts'

it('names people, pages, files, spaces and includes once, in the order of the page', () => {
  const storage = [
    '<p><ac:link><ri:user ri:account-id="557:abc"/></ac:link><ac:link><ri:user ri:userkey="ff80"/></ac:link>',
    '<ac:link><ri:user ri:account-id="557:abc"/></ac:link><ac:link><ri:user ri:username="jdoe"/></ac:link></p>',
    '<p><ac:link><ri:page ri:content-title="A &amp; B" ri:version-at-save="3"/></ac:link>',
    '<ac:link><ri:page ri:space-key="OPS" ri:content-title="Run"/></ac:link><ac:link><ri:content-entity ri:content-id="77"/></ac:link>',
    '<ac:link><ri:blog-post ri:content-title="News" ri:posting-day="2026/01/02"/></ac:link><ac:link><ri:space ri:space-key="HR"/></ac:link></p>',
    '<ac:image><ri:attachment ri:filename="a.png"/></ac:image>',
    '<ac:link><ri:attachment ri:filename="a.png"><ri:page ri:content-title="Other"/></ri:attachment></ac:link>',
    '<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Terms"/></ac:link></ac:parameter></ac:structured-macro>',
    '<ac:structured-macro ac:name="excerpt-include"><ac:parameter ac:name="name">short</ac:parameter>',
    '<ac:parameter ac:name=""><ac:link><ri:page ri:space-key="OPS" ri:content-title="Run"/></ac:link></ac:parameter></ac:structured-macro>',
    '<ac:macro ac:name="include"><ac:default-parameter>HR:Holidays</ac:default-parameter></ac:macro>',
  ].join('')
  expect(storageReferences(storage)).toEqual({
    users: [{ kind: 'account-id', id: '557:abc' }, { kind: 'user-key', id: 'ff80' }, { kind: 'user-name', id: 'jdoe' }],
    pages: [
      { kind: 'page', title: 'A & B' },
      { kind: 'page', spaceKey: 'OPS', title: 'Run' },
      { kind: 'page', contentId: '77' },
      { kind: 'blog-post', title: 'News', postingDay: '2026/01/02' },
    ],
    attachments: [{ fileName: 'a.png' }, { fileName: 'a.png', page: { kind: 'page', title: 'Other' } }],
    includes: [
      { kind: 'page', page: { kind: 'page', title: 'Terms' } },
      { kind: 'excerpt', page: { kind: 'page', spaceKey: 'OPS', title: 'Run' }, excerpt: 'short' },
      { kind: 'page', page: { kind: 'page', spaceKey: 'HR', title: 'Holidays' } },
    ],
    spaces: ['HR'],
  })
})

it('names what macros and their bodies refer to', () => {
  const storage = [
    '<ac:structured-macro ac:name="view-file"><ac:parameter ac:name="name"><ri:attachment ri:filename="b.pdf"/></ac:parameter></ac:structured-macro>',
    '<ac:structured-macro ac:name="profile"><ac:parameter ac:name="user"><ri:user ri:account-id="1"/></ac:parameter></ac:structured-macro>',
    '<ac:structured-macro ac:name="info"><ac:rich-text-body><ac:link><ri:page ri:content-title="In"/></ac:link></ac:rich-text-body></ac:structured-macro>',
  ].join('')
  const { attachments, users, pages } = storageReferences(storage)
  expect([attachments, users, pages]).toEqual([[{ fileName: 'b.pdf' }], [{ kind: 'account-id', id: '1' }], [{ kind: 'page', title: 'In' }]])
})

const EXCERPTS = [
  '<p>before</p><ac:structured-macro ac:name="excerpt"><ac:rich-text-body><p>first &amp; <b>best</b></p></ac:rich-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="excerpt"><ac:parameter ac:name="name">two</ac:parameter><ac:rich-text-body><p>second</p></ac:rich-text-body></ac:structured-macro>',
].join('')

it('cuts an excerpt out of a page as it stands', () => {
  expect(convert(excerptOf(EXCERPTS) ?? '')).toBe('first & **best**')
  expect(convert(excerptOf(EXCERPTS, 'two') ?? '')).toBe('second')
  expect(excerptOf(EXCERPTS, 'three')).toBeUndefined()
  expect(excerptOf('<p>none</p>')).toBeUndefined()
})
