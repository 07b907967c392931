import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convert, type StorageCase } from './storage-world.ts'

/** A node of the Cloud editor. */
function adf(type: string, inside: string, fallback = ''): string {
  const old = fallback === '' ? '' : `<ac:adf-fallback>${fallback}</ac:adf-fallback>`
  return `<ac:adf-extension><ac:adf-node type="${type}">${inside}</ac:adf-node>${old}</ac:adf-extension>`
}

/** The settings of an app of Forge, as Cloud stores them around those that the app itself has. */
function forge(settings: string): string {
  return [
    '<ac:adf-attribute key="extension-key">0b1c/static/diagrams</ac:adf-attribute><ac:adf-attribute key="parameters">',
    '<ac:adf-parameter key="local-id">3e5a</ac:adf-parameter><ac:adf-parameter key="extension-title">Diagrams for all</ac:adf-parameter>',
    `<ac:adf-parameter key="guest-params">${settings}</ac:adf-parameter></ac:adf-attribute>`,
    '<ac:adf-attribute key="text">Diagrams</ac:adf-attribute>',
  ].join('')
}

const PLAN = {
  title: 'Roadmap Planner',
  timeline: { startDate: '2026-01-01 00:00:00', displayOption: 'MONTH' },
  lanes: [
    {
      title: 'Prio 1',
      color: { lane: '#3b7fc4', text: '#ffffff' },
      bars: [
        { id: '4a2d', title: 'Sign-in', description: 'With a\npasskey: 100 %', startDate: '2026-01-02 09:47:35', duration: 4, pageLink: {} },
        { title: 'Avstämning', description: '' },
      ],
    },
    { title: '', bars: [{ title: 'Loose' }] },
    { title: 'Prio 2', bars: [] },
  ],
  markers: [{ title: 'Beta', markerDate: '2026-09-15 00:00:00' }],
}

const PLAN_MARKDOWN = [
  '**Roadmap Planner**',
  '',
  '- Prio 1',
  '  - Sign-in: With a passkey: 100 %',
  '  - Avstämning',
  '- Loose',
  '- Prio 2',
  '- Beta',
]

function roadmap(source: string, title = ''): string {
  const named = title === '' ? '' : `<ac:parameter ac:name="title">${title}</ac:parameter>`
  return `<ac:structured-macro ac:name="roadmap"><ac:parameter ac:name="timeline">true</ac:parameter><ac:parameter ac:name="source">${source}</ac:parameter>${named}</ac:structured-macro>`
}

const CASES: StorageCase[] = [
  {
    name: 'a roadmap as the editor stores it',
    storage: roadmap(encodeURIComponent(JSON.stringify(PLAN)), 'Roadmap%20Planner'),
    markdown: PLAN_MARKDOWN,
  },
  {
    name: 'a roadmap encoded as a form, and one that is not encoded',
    storage: [
      roadmap(new URLSearchParams({ '': JSON.stringify({ lanes: [{ title: 'C++ and 1+1' }] }) }).toString().slice(1)),
      roadmap(JSON.stringify({ lanes: [{ title: '100%25 + x' }] }), 'Plan 50%'),
    ],
    markdown: [
      '- C++ and 1+1',
      '',
      '**Plan 50%**',
      '',
      '- 100%25 + x',
    ],
  },
  {
    name: 'a roadmap in a sentence of a list, with the pages that it links',
    storage: [
      `<ul><li><p>See ${roadmap('%7B%22lanes%22%3A%5B%7B%22title%22%3A%22One%22%7D%5D%7D')} below</p></li></ul>`,
      roadmap('%7B%7D').replace('</ac:structured-macro>', '<ac:parameter ac:name="pagelinks"><ac:link><ri:page ri:content-title="Set up"/></ac:link></ac:parameter></ac:structured-macro>'),
    ],
    markdown: [
      '- See',
      '',
      '  - One',
      '',
      '  below',
      '',
      '[Set up](https://example.net/wiki/pages/77)',
    ],
  },
  {
    name: 'roadmaps that cannot be read stay readable text',
    storage: [
      roadmap('%7B%22title%22%3A%22Cut off%22%2C%22la'), roadmap('50%25 of %C3%A9 is %E9 %zz %'), roadmap('manual', 'Plans'), roadmap('%5B1%5D'),
    ],
    markdown: [
      '{"title":"Cut off","la',
      '',
      '50% of é is \uFFFD %zz %',
      '',
      '**Plans**',
      '',
      'manual',
      '',
      '[1]',
    ],
  },
  {
    name: 'the title of what another app is around',
    storage: adf('bodied-extension', [
      '<ac:adf-attribute key="extension-key">x</ac:adf-attribute><ac:adf-attribute key="parameters">',
      '<ac:adf-parameter key="macro-params"><ac:adf-parameter key="title"><ac:adf-parameter key="value">The title</ac:adf-parameter></ac:adf-parameter>',
      '</ac:adf-parameter><ac:adf-parameter key="macro-metadata"><ac:adf-parameter key="title">Box</ac:adf-parameter></ac:adf-parameter>',
      '</ac:adf-attribute><ac:adf-content><p>inside</p></ac:adf-content>',
    ].join('')),
    markdown: [
      '**The title**',
      '',
      'inside',
    ],
  },
  {
    name: 'the settings of an app that are words, not its lists, ids and its own name',
    storage: adf('bodied-extension', [
      forge([
        '<ac:adf-parameter key="panel-title">Contract</ac:adf-parameter><ac:adf-parameter key="signers"><ac:adf-parameter-value>557:abc</ac:adf-parameter-value>',
        '<ac:adf-parameter-value /></ac:adf-parameter><ac:adf-parameter key="label"><ac:adf-parameter-value>no</ac:adf-parameter-value></ac:adf-parameter>',
        '<ac:adf-parameter key="diagram-name">Network</ac:adf-parameter><ac:adf-parameter key="show" type="boolean">true</ac:adf-parameter>',
      ].join('')),
      '<ac:adf-content><p>signed</p></ac:adf-content>',
    ].join(''), '<p>older</p>'),
    markdown: [
      '**Network**',
      '',
      '**Contract**',
      '',
      'signed',
    ],
  },
  {
    name: 'an app by what is in it, by its fallback, by its settings, by its name',
    storage: [
      adf('extension', forge('<ac:adf-parameter key="id">7</ac:adf-parameter>'), '<p>A picture of the network</p>'),
      adf('extension', forge('<ac:adf-parameter key="diagram-name">Network</ac:adf-parameter>'), '<ac:adf-node type="extension"></ac:adf-node>'),
      adf('extension', forge('')),
      `<p>in ${adf('inline-extension', forge('<ac:adf-parameter key="text">a line</ac:adf-parameter>'))}.</p>`,
    ],
    markdown: [
      'A picture of the network',
      '',
      'Network',
      '',
      'Diagrams',
      '',
      'in a line.',
    ],
  },
  {
    name: 'code that is a setting of an app',
    storage: [
      adf('extension', forge('<ac:adf-parameter key="language">html</ac:adf-parameter><ac:adf-parameter key="__body-content">&lt;b&gt;x&lt;/b&gt;</ac:adf-parameter>')),
      adf('extension', forge('<ac:adf-parameter key="text">@startuml\nA -> B\n@enduml</ac:adf-parameter>')),
    ],
    markdown: [
      '```html',
      '<b>x</b>',
      '```',
      '',
      '```',
      '@startuml',
      'A -> B',
      '@enduml',
      '```',
    ],
  },
  {
    name: 'synced blocks and newer nodes with an empty fallback',
    storage: [
      adf('bodied-sync-block', '<ac:adf-attribute key="resource-id">fedb</ac:adf-attribute><ac:adf-content><p>synced</p></ac:adf-content>', '<p>stale</p>'),
      adf('new-thing', '<ac:adf-attribute key="title">Head</ac:adf-attribute><ac:adf-content><p>new</p></ac:adf-content>', '<p></p>'),
    ],
    markdown: [
      'synced',
      '',
      '**Head**',
      '',
      'new',
    ],
  },
  {
    name: 'marks and data of charts are no text',
    storage: adf('extension', '<ac:adf-attribute key="text">Chart</ac:adf-attribute><ac:adf-mark key="data-consumer"><ac:adf-data-consumer-source>5126</ac:adf-data-consumer-source></ac:adf-mark>'),
    markdown: 'Chart',
  },
  {
    name: 'the emoji of custom panels, old and new',
    storage: [
      adf('panel', [
        '<ac:adf-attribute key="panel-type">custom</ac:adf-attribute><ac:adf-attribute key="panel-icon">:test_tube:</ac:adf-attribute>',
        '<ac:adf-attribute key="panel-icon-text">🧪</ac:adf-attribute><ac:adf-content><p>Lab</p></ac:adf-content>',
      ].join('')),
      adf('panel', '<ac:adf-attribute key="panel-type">custom</ac:adf-attribute><ac:adf-attribute key="panel-icon">:corp:</ac:adf-attribute><ac:adf-content><ul><li>a</li></ul></ac:adf-content>'),
      '<ac:structured-macro ac:name="panel"><ac:parameter ac:name="panelIcon">:bulb:</ac:parameter><ac:parameter ac:name="panelIconText">💡</ac:parameter>',
      '<ac:rich-text-body><p><strong>Idea</strong></p></ac:rich-text-body></ac:structured-macro>',
      '<ac:structured-macro ac:name="panel"><ac:parameter ac:name="panelIconText">💡</ac:parameter><ac:parameter ac:name="title">Aims</ac:parameter>',
      '<ac:rich-text-body><p>Less</p></ac:rich-text-body></ac:structured-macro>',
    ],
    markdown: [
      '> 🧪 Lab',
      '',
      '> :corp:',
      '>',
      '> - a',
      '',
      '> 💡 **Idea**',
      '',
      '> **💡 Aims**',
      '>',
      '> Less',
    ],
  },
  {
    name: 'the title of a list of pages or files, which is written on the page',
    storage: [
      '<ac:structured-macro ac:name="gallery"><ac:parameter ac:name="title">Pictures</ac:parameter></ac:structured-macro>',
      '<ac:structured-macro ac:name="contentbylabel"><ac:parameter ac:name="title">Related articles</ac:parameter><ac:parameter ac:name="cql">label = x</ac:parameter></ac:structured-macro>',
      '<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="title">no text</ac:parameter></ac:structured-macro>',
    ],
    markdown: [
      '**Pictures**',
      '',
      '**Related articles**',
    ],
  },
  {
    name: 'a status without a title is called by its colour',
    storage: '<p><ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">Green</ac:parameter></ac:structured-macro></p>',
    markdown: 'Green',
  },
  {
    name: 'an expand of old, and messages of apps',
    storage: [
      '<ac:macro ac:name="expand"><ac:default-parameter>More</ac:default-parameter><ac:rich-text-body><p>x</p></ac:rich-text-body></ac:macro>',
      '<p>a <ac:structured-macro ac:name="vendor"><ac:parameter ac:name="message">Important</ac:parameter></ac:structured-macro></p>',
    ],
    markdown: [
      '**More**',
      '',
      'x',
      '',
      'a Important',
    ],
  },
]

describe('Roadmaps, panels and apps of storage format', () => {
  it.each(CASES)('$name', ({ storage, markdown }) => {
    expect(convert(storage)).toBe([markdown].flat().join('\n'))
  })

  it('never throws, whatever a roadmap holds', () => {
    const runs = Number(process.env['FUZZ_RUNS'] ?? 200)
    const bars = fc.record({ title: fc.constant('w1q'), bars: fc.jsonValue(), description: fc.jsonValue() })
    fc.assert(fc.property(fc.jsonValue(), bars, fc.jsonValue(), (title, lane, markers) => {
      const plan = { title, lanes: [title, lane], bars: markers, markers }
      expect(convert(roadmap(encodeURIComponent(JSON.stringify(plan))))).toContain('w1q')
    }), { numRuns: runs })
  })

  it('keeps the words of a roadmap that is not encoded or no JSON', () => {
    const source = fc.string({ unit: 'grapheme' }).map(text => encodeURIComponent(`w1q ${JSON.stringify({ title: text })}`))
    const runs = Number(process.env['FUZZ_RUNS'] ?? 200)
    fc.assert(fc.property(source, fc.nat(), fc.constantFrom('', '%', '%2', '%FF', '+', '"', '}'), (encoded, at, inserted) => {
      const place = 3 + (at % (encoded.length - 2))
      expect(convert(roadmap(encoded.slice(0, place) + inserted + encoded.slice(place)))).toContain('w1q')
    }), { numRuns: runs })
  })
})
