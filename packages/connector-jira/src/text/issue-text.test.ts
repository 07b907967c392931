import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readableTime, utcOf } from '../api/utc-time.ts'
import { issueText } from './issue-text.ts'
import { nested, oneLine, plain } from './markdown-nesting.ts'

describe('the text of an issue', () => {
  it('keeps headings of its parts below its own', () => {
    const text = issueText({
      summary: ' Two\nlines ',
      description: '# One\n\ntext\n\n###### Six\n\n```\n# not a heading\n```\n\n# After',
      fields: [{ name: 'Criteria', text: '# Inner' }],
      comments: [{ author: 'Ada', created: '2026-01-31T10:00:59.999+0100', text: '# Loud' }],
    })
    expect(text.split('\n').filter((line) => line.startsWith('#'))).toEqual([
      '# Two lines',
      '## One',
      '###### Six',
      '# not a heading',
      '## After',
      '## Criteria',
      '### Inner',
      '## Comment by Ada, 2026-01-31 09:00 UTC',
      '### Loud',
    ])
  })

  it('leaves fenced code as it is, whatever is in it', () => {
    const code = '~~~~\n# a\n~~~\n# b\n~~~~\n# heading'
    expect(nested(code, 1)).toBe('~~~~\n# a\n~~~\n# b\n~~~~\n## heading')
  })

  it('loses no line of plain text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('#', '`', '~', '-', '=', ' ', '\n', 'a', 'é') }), (text) => {
        const words = (value: string) => value.replace(/[\\\s]/g, '')
        expect(words(nested(plain(text), 2)).replace(/#/g, '')).toBe(words(text).replace(/#/g, ''))
        expect(oneLine(text)).not.toContain('\n')
      }),
      { numRuns: 200 },
    )
  })

  it('reads times in any zone', () => {
    expect(utcOf('2026-01-31T10:00:00.123-0530')).toBe('2026-01-31T15:30:00.123Z')
    expect(utcOf('2026-01-31T10:00:00.123Z')).toBe('2026-01-31T10:00:00.123Z')
    expect(utcOf('yesterday')).toBeUndefined()
    expect(readableTime('yesterday')).toBe('yesterday')
  })
})
