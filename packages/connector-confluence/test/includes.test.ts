import type { DocumentStub } from '@qdrant-loader/connector-sdk'
import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, HOUR, Stage } from './stage.ts'

/** More than an answer may have. */
const TOO_LARGE = { kind: 'answer', status: 200, body: ' '.repeat(64_000_001), contentType: 'application/json' } as const
const BODIES = { cloud: { route: '/v2/pages', after: 1 }, datacenter: { route: '/content/search', after: 0 } } as const

function include(title: string, at = ''): string {
  return macro(`<ri:page ${at} ri:content-title="${title}" />`)
}

function macro(resource: string): string {
  return `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link>${resource}</ac:link></ac:parameter></ac:structured-macro>`
}

describe.each(DEPLOYMENTS)('%s: what was included before', (deployment) => {
  // A space that is read, and one that is not.
  describe.each(['DEV', 'OPS'])('in %s', (space) => {
    async function open(config: Readonly<Record<string, unknown>> = {}) {
      const stage = await Stage.open(deployment, config)
      for (const key of ['OPS', 'OUT']) stage.world.createSpace({ key })
      const part = stage.page('Part', '<p>part</p>', { space })
      const whole = stage.page('Whole', `<p>own</p>${include('Part', `ri:space-key="${space}"`)}`)
      stage.clock.now += 3 * HOUR
      await stage.sync()
      expect(stage.text(whole)).toBe('own\n\npart')
      return { stage, part, whole }
    }

    it.each([
      ['was renamed, and another page took its name', 'own\n\nother', ({ stage: { world }, part }: Opened) => {
        world.rename(part, 'Former part')
        world.createPage({ space, title: 'Part', body: '<p>other</p>' })
      }],
      ['was renamed', undefined, ({ stage: { world }, part }: Opened) => world.rename(part, 'Former part')],
      ['moved to another space', undefined, ({ stage: { world }, part }: Opened) => world.movePage(part, { space: 'OUT' })],
      ['moved, and another page took its name', 'own\n\nother', ({ stage: { world }, part }: Opened) => {
        world.movePage(part, { space: 'OUT' })
        world.createPage({ space, title: 'Part', body: '<p>other</p>' })
      }],
      ['is in the trash, and another page took its name', 'own\n\nother', ({ stage: { world }, part }: Opened) => {
        world.trash(part)
        world.createPage({ space, title: 'Part', body: '<p>other</p>' })
      }],
      ['was edited', 'own\n\nedited', ({ stage: { world }, part }: Opened) => world.edit(part, '<p>edited</p>')],
      ['was hidden', undefined, ({ stage: { world }, part }: Opened) => world.hide(part)],
    ] as const)('%s: a listing, and an edit, show what a clean build shows', async (_what, text, change) => {
      for (const edited of [false, true]) {
        const opened = await open()
        await using stage = opened.stage
        change(opened)
        if (edited) {
          stage.world.edit(opened.whole, `<p>own</p>${include('Part', `ri:space-key="${space}"`)} `)
          await stage.sync()
          if (text !== undefined) expect(stage.text(opened.whole)).toBe(text)
        }
        await stage.sweep()
        if (text !== undefined) expect(stage.text(opened.whole)).toBe(text)
        else expect(stage.text(opened.whole)).not.toContain('part\n')
        // What is hidden stays until a second run confirms it.
        await stage.sweep()
        expect(documentsOf(await stage.visible(), opened.whole)).toEqual(documentsOf(await stage.cleanBuild(), opened.whole))
      }
    })
  })

  it('pages that include each other come to an end, in bulk as alone', async () => {
    await using stage = await Stage.open(deployment)
    const [one, two, three] = [
      stage.page('One', `<p>one</p>${include('Two')}`),
      stage.page('Two', `<p>two</p>${include('Three')}${include('One')}`),
      stage.page('Three', `<p>three</p>${include('One')}${include('Three')}`),
    ]
    await stage.sync()
    expect(stage.text(one)).toMatch(/^one\n\ntwo\n\nthree/)
    const together = await stage.visible()
    await expectSameAlone(stage, [one, two, three])
    stage.world.edit(two, `<p>two again</p>${include('Three')}`)
    await stage.sync()
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
    expect(await stage.visible()).not.toEqual(together)
    expect((await stage.sweep()).loaded).toEqual([])
  })

  it('of blog posts with one title, the one of the day is shown', async () => {
    await using stage = await Stage.open(deployment)
    const start = stage.clock.now
    const post = (body: string) => stage.world.createBlogPost({ space: 'DEV', title: 'News', body }).id
    const days = [start, start + 72 * HOUR].map((time) => new Date(time).toISOString().slice(0, 10).replaceAll('-', '/'))
    const of = (day = '') => macro(`<ri:blog-post ri:content-title="News" ri:posting-day="${day}" />`)
    const first = post('<p>first</p>')
    stage.clock.now += 72 * HOUR
    const second = post('<p>second</p>')
    const [one, two, none] = [stage.page('First', of(days[0])), stage.page('Second', of(days[1])), stage.page('None', of('2020/01/01'))]
    await stage.sync()
    expect([one, two].map((id) => stage.text(id))).toEqual(['first', 'second'])
    expect(stage.host.documents.get(none)?.document.dependsOn).toBeUndefined()
    // Posts are looked up by name each time: one that has another name now is not taken for what it was.
    stage.world.rename(second, 'Old news')
    await stage.sweep()
    expect(stage.host.documents.get(two)?.document.dependsOn).toBeUndefined()
    stage.world.edit(first, '<p>first, edited</p>')
    await stage.sweep()
    expect(stage.text(one)).toBe('first, edited')
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it.each(['hidden', 'forbidden', 'empty'] as const)('a space that is lost to the account (%s) is as if the page were not there', async (access) => {
    await using stage = await Stage.open(deployment)
    stage.world.createSpace({ key: 'OPS' })
    stage.page('Part', '<p>part</p>', { space: 'OPS' })
    const whole = stage.page('Whole', `<p>own</p>${include('Part', 'ri:space-key="OPS"')}`)
    await stage.sync()
    stage.world.setAccess('OPS', access)
    await stage.sweep()
    expect(stage.host.documents.get(whole)?.document.dependsOn).toBeUndefined()
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
    stage.world.setAccess('OPS', 'readable')
    await stage.sweep()
    expect(stage.text(whole)).toBe('own\n\npart')
  })
})

describe.each(DEPLOYMENTS)('%s: a text that cannot be read', (deployment) => {
  it.each([
    ['is missing', 'confluence_body_missing'],
    ['is no text', 'confluence_bad_answer'],
  ] as const)('of one page that %s stops no other one; asked for alone, the document fails', async (what, code) => {
    await using stage = await Stage.open(deployment)
    const ids = Array.from({ length: 7 }, (_, number) => stage.page(`Page ${number}`, `<p>${number}</p>`))
    const [broken = '', other = ''] = [ids[2], ids[5]]
    const including = stage.page('Including', include('Page 2'))
    for (const id of [broken, other]) Object.defineProperty(stage.world.content(id), 'body', { value: what === 'is missing' ? undefined : 7 })
    const { upserts, fetch, completed, close } = await detected(stage)
    expect(completed).toBe(true)
    expect([...upserts].filter(([, { document }]) => document === undefined).map(([id]) => id).toSorted()).toEqual([broken, other, including].toSorted())
    expect(await loaderErrorOf(fetch(broken))).toMatchObject({ kind: 'document', message: expect.stringContaining('Page 2') })
    const error = await loaderErrorOf(fetch(including))
    expect(error).toMatchObject({ kind: 'document', message: expect.stringMatching(/Page 2.*Including/) })
    expect([code, 'confluence_bad_answer']).toContain(error.code)
    // Asked for together, without any text between them, they fail each for itself.
    expect(await Promise.all([broken, other].map(async (id) => (await loaderErrorOf(fetch(id))).kind))).toEqual(['document', 'document'])
    expect(await fetch(ids[3] ?? '')).toMatchObject({ text: '3' })
    await close()
  })

  it('an answer that is too large is asked for in halves, down to the page that is too large alone', async () => {
    await using stage = await Stage.open(deployment)
    const ids = Array.from({ length: 3 }, (_, number) => stage.page(`Page ${number}`, `<p>${number}</p>`))
    const home = stage.world.space('DEV').homepageId ?? ''
    stage.server.faults.add(TOO_LARGE, { ...BODIES[deployment], times: 3 })
    const { upserts, fetch, close } = await detected(stage)
    expect(ids.map((id) => upserts.get(id)?.document?.text)).toEqual(['0', '1', '2'])
    expect(upserts.get(home)).toMatchObject({ document: undefined })
    stage.server.faults.clear()
    stage.server.faults.add(TOO_LARGE, { ...BODIES[deployment], after: 0, times: 1 })
    expect(await loaderErrorOf(fetch(home))).toMatchObject({ code: 'confluence_text_too_large', kind: 'document' })
    await close()
  })

  it.each([false, true])('of all pages that changed: others tell whether it is their fault (listing: %s)', async (listingDue) => {
    await using stage = await Stage.open(deployment)
    const [one, two, third] = ['One', 'Two', 'Third'].map((title) => stage.page(title, '<p>text</p>')) as [string, string, string]
    await stage.sync()
    const { signal } = new AbortController()
    const changes = async () => {
      const { source } = await stage.host.open()
      try {
        const request = { mode: 'incremental', since: stage.host.cursor as never, listingDue, known: stage.host.known } as const
        const found: [string, string | undefined][] = []
        for await (const change of source.detector.detect(request, signal)) {
          const isNew = change.kind === 'upsert' && change.stub.contentVersion !== stage.stub(change.stub.id).contentVersion
          if (isNew) found.push([change.stub.id, change.document?.text])
        }
        return found
      } finally {
        await source.close(undefined)
      }
    }
    stage.clock.now += 60_000
    for (const id of [one, two]) {
      stage.world.edit(id, '<p>edited</p>')
      Object.defineProperty(stage.world.content(id), 'body', { value: undefined })
    }
    expect(await changes()).toEqual([[one, undefined], [two, undefined]])
    for (const id of [third, stage.world.space('DEV').homepageId ?? '']) Object.defineProperty(stage.world.content(id), 'body', { value: undefined })
    expect(await loaderErrorOf(changes())).toMatchObject({ kind: 'transient' })
  })
})

interface Opened {
  readonly stage: Stage
  readonly part: string
  readonly whole: string
}

function documentsOf(visible: unknown, id: string): unknown {
  return (visible as { id: string }[]).filter((document) => document.id === id)
}

/** One detection of everything, and the way to single documents after it. */
async function detected(stage: Stage) {
  const { signal } = new AbortController()
  const { source } = await stage.freshHost().open()
  const upserts = new Map<string, { readonly stub: DocumentStub; readonly document: { readonly text: string } | undefined }>()
  let completed = false
  for await (const change of source.detector.detect({ mode: 'full', known: stage.freshHost().known }, signal)) {
    if (change.kind === 'upsert') upserts.set(change.stub.id, { stub: change.stub, document: change.document })
    if (change.kind === 'complete') completed = true
  }
  const fetch = (id: string) => {
    const stub = upserts.get(id)?.stub
    return stub ? source.reader.read(stub, signal) : Promise.reject(new Error(`${id} was not named`))
  }
  return { upserts, completed, fetch, close: () => source.close(undefined) }
}

/** Read alone, documents have the texts that they have when many are read together. */
async function expectSameAlone(stage: Stage, ids: readonly string[]): Promise<void> {
  const { source } = await stage.host.open()
  for (const id of ids) {
    expect(await source.reader.read(stage.stub(id), new AbortController().signal)).toMatchObject({ text: stage.text(id) })
  }
  await source.close(undefined)
}
