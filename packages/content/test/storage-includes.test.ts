import { expect, it } from 'vitest'
import { type AttachmentReference, excerptOf, type IncludeReference, type Included, type PageReference, storageReferences } from '../src/index.ts'
import { convert } from './storage-world.ts'

function includeMacro(title: string): string {
  return `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="${title}"/></ac:link></ac:parameter></ac:structured-macro>`
}

function excerptMacro(title: string): string {
  return includeMacro(title).replace('"include"', '"excerpt-include"')
}

/** Looks pages up by title in a table of their storage. */
function pages(storages: Record<string, string>): (include: IncludeReference) => Included | undefined {
  return ({ kind, page, excerpt }) => {
    const whole = storages[page.title ?? '']
    const storage = whole === undefined || kind === 'page' ? whole : excerptOf(whole, excerpt)
    return storage === undefined ? undefined : { storage, id: page.title ?? '', page }
  }
}

it('shows the page in the place of the macro', () => {
  const included = pages({ Terms: '<h2>Terms</h2><p>Pay &euro; 5</p>' })
  expect(convert(`<p>a</p>${includeMacro('Terms')}<p>b</p>`, { included })).toBe('a\n\n## Terms\n\nPay € 5\n\nb')
})

it('shows Markdown that was converted before, also in lists', () => {
  const included = () => ({ markdown: '- x\n- y\n' })
  expect(convert(`<ul><li><p>a</p>${includeMacro('Terms')}</li></ul>`, { included })).toBe('- a\n\n  - x\n  - y')
})

it('shows an excerpt inside of a sentence', () => {
  const storage = '<ac:structured-macro ac:name="excerpt"><ac:rich-text-body><p>5 EUR</p></ac:rich-text-body></ac:structured-macro>'
  expect(convert(`<p>It costs ${excerptMacro('Price')} a day.</p>`, { included: pages({ Price: storage }) })).toBe('It costs 5 EUR a day.')
})

it('names the page that cannot be shown', () => {
  const linkedPage = ({ title }: PageReference) => title === 'Set up' ? { url: 'https://example.net/77' } : undefined
  expect(convert(includeMacro('Gone'), { linkedPage })).toBe('Gone')
  expect(convert(excerptMacro('Set up'), { linkedPage })).toBe('[Set up](https://example.net/77)')
})

it('names the page when nothing of it is shown', () => {
  const included = () => ({ storage: '<p> </p>', id: '9', page: { kind: 'page', title: 'Set up' } as const })
  expect(convert(`<p>a ${excerptMacro('Set up')} b</p>${includeMacro('Gone')}`, { included })).toBe('a [Set up](https://example.net/wiki/pages/77) b\n\nGone')
})

it('comes to an end when pages include each other', () => {
  const included = pages({ A: `a ${includeMacro('B')}`, B: `b ${includeMacro('A')}` })
  expect(convert(includeMacro('A'), { included })).toBe('a\n\nb\n\nA')
  expect(convert(includeMacro('A'), { included, pageId: 'B' })).toBe('a\n\nB')
})

it('comes to an end when each page includes the next one many times', () => {
  const many: Record<string, string> = {}
  for (let level = 0; level < 20; level += 1) many[`P${level}`] = includeMacro(`P${level + 1}`).repeat(20)
  expect(convert(includeMacro('P0'), { included: pages(many) }).length).toBeLessThan(100_000)
})

it('asks for what an included page names as that page names it', () => {
  const asked: (AttachmentReference | PageReference | string)[] = []
  const storage = [
    '<ac:image><ri:attachment ri:filename="a.png"/></ac:image><ac:link><ri:page ri:content-title="Next"/></ac:link>',
    '<a href="sub">s</a><a href="#top">t</a>',
  ].join('')
  const page: PageReference = { kind: 'page', title: 'Terms', spaceKey: 'HR' }
  const markdown = convert(includeMacro('Terms'), {
    included: () => ({ storage, id: '9', page, pageUrl: 'https://example.net/wiki/pages/9/Terms' }),
    attachmentUrl: attachment => void asked.push(attachment) as undefined,
    linkedPage: reference => void asked.push(reference) as undefined,
  })
  expect(asked).toEqual([{ fileName: 'a.png', page }, { kind: 'page', title: 'Next', spaceKey: 'HR' }])
  expect(markdown).toBe(
    'a.pngNext[s](https://example.net/wiki/pages/9/sub)[t](https://example.net/wiki/pages/9/Terms#top)',
  )
})

/** An include macro whose parameters are written as they come. */
function macroWith(name: string, parameters: string, body = ''): string {
  return `<ac:structured-macro ac:name="${name}">${parameters}${body}</ac:structured-macro>`
}

const LINK = '<ac:link><ri:page ri:content-title="Price"/></ac:link>'
const PRICE = '<ac:structured-macro ac:name="excerpt"><ac:parameter ac:name="hidden">true</ac:parameter><ac:rich-text-body><p>5 EUR</p></ac:rich-text-body></ac:structured-macro>'

// The first was seen on Cloud, in pages written through the API.
it.each([
  ['excerpt-include', '<ac:parameter ac:name="default-parameter">HR:Price</ac:parameter><ac:parameter ac:name="nopanel">true</ac:parameter>', { spaceKey: 'HR' }],
  ['excerpt-include', `<ac:parameter ac:name="nopanel">true</ac:parameter><ac:parameter ac:name="default-parameter">${LINK}</ac:parameter>`, {}],
  ['excerpt-include', `<ac:parameter ac:name="nopanel">true</ac:parameter><ac:parameter ac:name="source-page">${LINK}</ac:parameter>`, {}],
  ['include', '<ac:parameter ac:name="spaceKey">HR</ac:parameter><ac:parameter ac:name="pageTitle">Price</ac:parameter>', { spaceKey: 'HR' }],
  ['include', '<ac:parameter ac:name="pageTitle">Price</ac:parameter><ac:parameter ac:name="spaceKey"><ri:space ri:space-key="HR"/></ac:parameter>', { spaceKey: 'HR' }],
  ['multiexcerpt-include', `<ac:parameter ac:name="PageWithExcerpt">${LINK}</ac:parameter>`, {}],
  ['multiexcerpt-include-macro', '<ac:parameter ac:name="PageWithExcerpt"><ri:page ri:content-title="Price"/></ac:parameter>', {}],
] as const)('finds the page of %s in %s', (name, parameters, space) => {
  const macro = macroWith(name, parameters)
  const { includes, pages: linked } = storageReferences(macro)
  expect([includes, linked]).toEqual([[{ kind: name === 'include' ? 'page' : 'excerpt', page: { kind: 'page', title: 'Price', ...space } }], []])
  expect(convert(macro, { included: pages({ Price: PRICE }) })).toBe('5 EUR')
  expect(convert(macro)).toBe('Price')
})

it('includes the excerpt with the name that is asked for, hidden or not', () => {
  const parameters = `<ac:parameter ac:name="MultiExcerptName">b</ac:parameter><ac:parameter ac:name="PageWithExcerpt">${LINK}</ac:parameter>`
  const excerpt = (name: string): string => macroWith(
    'multiexcerpt-macro',
    `<ac:parameter ac:name="name">${name}</ac:parameter><ac:parameter ac:name="hidden">true</ac:parameter>`,
    `<ac:rich-text-body><p>text of ${name}</p></ac:rich-text-body>`,
  )
  const included = pages({ Price: `<p>x</p>${excerpt('a')}${excerpt('b')}` })
  expect(convert(macroWith('multiexcerpt-include', parameters), { included })).toBe('text of b')
})

it('keeps what an include without a page says', () => {
  const body = '<ac:rich-text-body><p>body <ac:link><ri:page ri:content-title="Set up"/></ac:link></p></ac:rich-text-body>'
  const macro = macroWith('excerpt-include', '<ac:parameter ac:name="name">Rates</ac:parameter>', body)
  expect(convert(macro)).toBe('**Rates**\n\nbody [Set up](https://example.net/wiki/pages/77)')
  expect(storageReferences(macro)).toMatchObject({ includes: [], pages: [{ title: 'Set up' }] })
})

it('keeps the bodies that an include should not have, and names what they link', () => {
  const bodies = '<ac:plain-text-body>plain</ac:plain-text-body><ac:rich-text-body><p><ac:link><ri:page ri:content-title="Set up"/></ac:link></p></ac:rich-text-body>'
  const macro = macroWith('include', `<ac:parameter ac:name="">${LINK}</ac:parameter>`, bodies)
  expect(convert(macro)).toBe('Price\n\n[Set up](https://example.net/wiki/pages/77)\n\n```\nplain\n```')
  expect(storageReferences(macro).pages).toEqual([{ kind: 'page', title: 'Set up' }])
})
