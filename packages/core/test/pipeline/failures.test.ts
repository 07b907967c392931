import { markRetried } from '@qdrant-loader/connector-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failure, ScriptedSource } from './scripted-source.ts'
import { expectConverged, Workbench } from './workbench.ts'

let bench: Workbench
let source: ScriptedSource

beforeEach(async () => {
  bench = await Workbench.open()
  source = new ScriptedSource()
})

afterEach(async () => {
  await bench.close()
})

describe('what fails', () => {
  it('goes to the ledger, is retried though nobody names it, and converges', async () => {
    source.fill(6)
    source.onFetch = (id) => {
      if (id === 'doc2') throw failure('document')
    }
    const first = await bench.sync(source)
    expect(first).toMatchObject({ status: 'partial', totals: { documents: { added: 5, failed: 1 } } })
    expect(await bench.state.reports.failures({ limit: 10 })).toMatchObject([{ documentId: 'doc2', code: 'test_document' }])
    const second = await bench.sync(source)
    expect(second).toMatchObject({ status: 'partial', totals: { documents: { failed: 1 } } })
    source.onFetch = () => {}
    const third = await bench.sync(source)
    expect(third).toMatchObject({ status: 'succeeded', totals: { documents: { added: 1, failed: 0 } } })
    expect(await bench.state.reports.failures({ limit: 10 })).toEqual([])
    await expectConverged(bench, source)
  })

  it('a document that repeats a secret of the configuration is not indexed, and is once the secret is another one', async () => {
    source.fill(3)
    const usual = bench.secret
    bench.secret = 'a-secret-that-is-revoked-4711'
    source.put('leak', `The request had ${bench.secret} in it.\n\nAnd more.`)
    const first = await bench.sync(source)
    expect(first).toMatchObject({ status: 'partial', totals: { documents: { added: 3, failed: 1 } } })
    expect(await bench.state.reports.failures({ limit: 10 })).toMatchObject([{ documentId: 'leak', code: 'document_repeats_secret', hint: expect.stringContaining('Revoke it') }])
    expect(JSON.stringify([await bench.export(), first, bench.log])).not.toContain(bench.secret)
    bench.secret = usual
    expect(await bench.sync(source)).toMatchObject({ status: 'succeeded', totals: { documents: { added: 1, failed: 0 } } })
    await expectConverged(bench, source)
  })

  it('is not brought back by a retry when it is gone from the source', async () => {
    source.fill(3)
    source.onFetch = (id) => {
      if (id === 'doc1') throw failure('document')
    }
    await bench.sync(source)
    source.vanish('doc1')
    source.onFetch = () => {}
    await bench.sync(source)
    expect(Object.keys(await bench.texts()).sort()).toEqual(['doc0', 'doc2'])
    expect(await bench.state.reports.failures({ limit: 10 })).toEqual([])
  })

  it('keeps the old points of a document whose new version cannot be read', async () => {
    source.fill(2)
    await bench.sync(source)
    source.put('doc1', 'a newer text')
    source.onFetch = () => {
      throw failure('document')
    }
    await bench.sync(source)
    expect((await bench.texts())['doc1']?.join()).toContain('first of 1')
    source.onFetch = () => {}
    await bench.sync(source)
    await expectConverged(bench, source)
  })

  it('retries what is transient', async () => {
    source.fill(3)
    let failures = 0
    source.onFetch = () => {
      failures += 1
      if (failures === 1) throw failure('transient')
    }
    expect((await bench.sync(source)).status).toBe('succeeded')
  })

  it('ends the run when the source stays unreachable, and goes on from there', async () => {
    source.fill(30)
    source.onFetch = (id) => {
      if (id > 'doc2') throw failure('transient', 'source_unreachable')
    }
    source.onCheck = () => {
      throw failure('transient', 'source_unreachable')
    }
    const first = await bench.sync(source)
    expect(first).toMatchObject({ status: 'failed', sources: [{ error: { code: 'source_unreachable', kind: 'transient' } }] })
    source.onFetch = () => {}
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })

  it('goes on past many neighbours that cannot be reached, while the source answers', async () => {
    source.fill(30)
    let checks = 0
    source.onCheck = () => void (checks += 1)
    source.onFetch = (id) => {
      if (id.startsWith('doc1') || id.startsWith('doc2')) throw failure('transient', 'source_unreachable')
    }
    const report = await bench.sync(source)
    expect(report).toMatchObject({ status: 'partial', totals: { documents: { added: 8, failed: 22 } } })
    expect(checks).toBeLessThan(5)
    source.onFetch = () => {}
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })

  it('does not try again what the connector has tried again', async () => {
    source.fill(3)
    let asked = 0
    source.onFetch = (id) => {
      if (id !== 'doc1') return
      asked += 1
      throw markRetried(failure('transient', 'source_unreachable'))
    }
    expect(await bench.sync(source)).toMatchObject({ status: 'partial' })
    expect(asked).toBe(1)
  })

  it('ends the run at once when the credentials are refused', async () => {
    source.fill(10)
    source.onFetch = () => {
      throw failure('auth')
    }
    const report = await bench.sync(source)
    expect(report.sources[0]).toMatchObject({ status: 'failed', error: { kind: 'auth' } })
    expect(source.fetched.length).toBeLessThan(6)
  })

  it('fails only the document whose text the embedder refuses', async () => {
    source.fill(5)
    source.put('bad', 'a poisonous text')
    bench.embedder.onEmbed = (inputs) => {
      if (inputs.some((input) => input.includes('poisonous'))) throw failure('document', 'embedder_refused')
    }
    const report = await bench.sync(source)
    expect(report).toMatchObject({ status: 'partial', totals: { documents: { added: 5, failed: 1 } } })
    bench.embedder.onEmbed = () => {}
    expect((await bench.sync(source)).status).toBe('succeeded')
    await expectConverged(bench, source)
  })

  it('writes nothing of a batch when the embedder fails', async () => {
    source.fill(3)
    bench.embedder.onEmbed = () => {
      throw failure('transient', 'embedder_unreachable')
    }
    const report = await bench.sync(source)
    expect(report.sources[0]).toMatchObject({ status: 'failed', error: { code: 'embedder_unreachable' } })
    expect(await bench.export()).toEqual([])
  })

  it('stops no other source', async () => {
    source.fill(2)
    const broken = new ScriptedSource()
    broken.onChange = () => {
      throw failure('transient')
    }
    const report = await bench.sync([bench.job(broken, { source: 'broken' }), bench.job(source)])
    expect(report.status).toBe('failed')
    expect(report.sources.map((part) => part.status)).toEqual(['failed', 'succeeded'])
    await expectConverged(bench, source)
  })
})
