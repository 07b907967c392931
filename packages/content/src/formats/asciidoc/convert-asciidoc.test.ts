import { describe, expect, it } from 'vitest'

import { convertContent } from '../convert-content.ts'
import type { ConvertedText, ConvertOptions } from '../format.ts'

async function converted(text: string, options: ConvertOptions = {}, name = 'docs/page.adoc'): Promise<ConvertedText> {
  const result = await convertContent({ bytes: Buffer.from(text), name }, options)
  if ('skipped' in result) throw new Error(result.skipped)
  return result
}

describe('F4: AsciiDoc', () => {
  it('has sections, attributes, admonitions, code, tables and footnotes', async () => {
    const text = `= The Guide
Anna Author <anna@example.com>
v1.2, 2026-01-02
:sectnums:
:toc:
:product: Loader

Intro for {product}. See <<use>>.footnote:[The note.]

// hidden

[[use]]
== Use

NOTE: Mind this.

.Sum
[source,ruby]
----
puts 1 + 1 # <1>
----
<1> Prints.

.Kinds
|===
|A |B

|1 |kbd:[Ctrl]
|===

term:: Its *meaning*.
`
    const result = await converted(text)
    expect(result).toMatchObject({ title: 'The Guide', metadata: { front_matter: { author: 'Anna Author', email: 'anna@example.com', revnumber: '1.2', revdate: '2026-01-02' } } })
    expect(result.text).toMatch(/^# The Guide\n\nIntro for Loader\. See \[Use\]\(#use\)\.\[\^1\]\n\n## Use\n\n> \*\*Note:\*\* Mind this\./)
    expect(result.text).toContain('```ruby\nputs 1 + 1 # (1)\n```')
    expect(result.text).toContain('| A | B |\n| --- | --- |\n| 1 | <kbd>Ctrl</kbd> |')
    expect(result.text).toContain('**term**: Its **meaning**.')
    expect(result.text).toContain('The note.')
    expect(result.text).not.toMatch(/hidden|Table 1|1\. Use|^---$/m)
  })

  it('takes in what it includes, by its path inside the source', async () => {
    const files: Readonly<Record<string, string>> = {
      'docs/parts/a.adoc': 'From a.\n\ninclude::b.adoc[]\n',
      'docs/parts/b.adoc': '= Of b\n\nFrom b.\n',
      'src/code.rb': '# tag::sum[]\nputs 1\n# end::sum[]\nputs 2\n',
    }
    const asked: string[] = []
    const include = async (path: string): Promise<string | undefined> => {
      asked.push(path)
      return files[path]
    }
    const text = '= Page\n\ninclude::parts/a.adoc[leveloffset=+1]\n\n----\ninclude::../src/code.rb[tag=sum]\n----\n\ninclude::missing.adoc[]\n\ninclude::../../outside.adoc[]\n\ninclude::https://example.com/a.adoc[]\n\ninclude::/etc/passwd[]\n'
    const result = await converted(text, { include })
    expect(result.text).toContain('From a.')
    expect(result.text).toContain('## Of b\n\nFrom b.')
    expect(result.text).toContain('```\nputs 1\n```')
    expect(asked.sort()).toEqual(['docs/missing.adoc', 'docs/parts/a.adoc', 'docs/parts/b.adoc', 'src/code.rb'])
    expect(result.included).toEqual(asked)
  })

  it("finds what Antora's resource ids name", async () => {
    const asked: string[] = []
    const include = async (path: string): Promise<string | undefined> => (asked.push(path), 'Text.')
    await converted('include::partial$a.adoc[]\n\ninclude::other:example$b.rb[]\n', { include }, 'manual/modules/ROOT/pages/x.adoc')
    expect(asked).toEqual(['manual/modules/ROOT/partials/a.adoc', 'manual/modules/other/examples/b.rb'])
  })

  it('ends where files include each other', async () => {
    let asked = 0
    const include = async (): Promise<string> => (asked++, 'Again.\n\ninclude::page.adoc[]\n\ninclude::page.adoc[]\n')
    await converted('include::page.adoc[]\n', { include })
    expect(asked).toBeLessThan(1_000)
  })

  it('runs no macro that reads a file or an address', async () => {
    const { text } = await converted('image::../../etc/passwd[opts=inline]\n\n:data-uri:\n\nimage::/etc/hostname[The host]\n\nText.\n')
    expect(text).toMatch(/Text\.$/)
  })
})

describe('bounds', () => {
  it('an attribute that doubles itself ends', async () => {
    const bomb = Array.from({ length: 40 }, (_, at) => `:a${at + 1}: {a${at}}{a${at}}`).join('\n')
    const result = await converted(`:a0: x\n${bomb}\n\nText {a40}.\n`)
    expect(result.text.length).toBeLessThan(1_000_000)
  })

  it('several at once, and an abort, leave the others alone', async () => {
    const aborted = AbortSignal.abort(new Error('stop'))
    const outcomes = await Promise.allSettled([converted('One.'), converted('Two.', { signal: aborted }), converted('Three.'), converted('Four.')])
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.text : String(outcome.reason)))).toEqual(['One.', 'Error: stop', 'Three.', 'Four.'])
  })
})
