import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { convertContent } from '../convert-content.ts'
import type { ConvertedText } from '../format.ts'

async function converted(text: string): Promise<ConvertedText> {
  const result = await convertContent({ bytes: Buffer.from(text), name: 'page.rst' })
  if ('skipped' in result) return { text: '', format: 'markdown' }
  return result
}

async function textOf(...lines: string[]): Promise<string> {
  return (await converted(lines.join('\n'))).text
}

describe('F4: sections', () => {
  it('have the levels of their styles, in the order of appearance', async () => {
    const text = ['=====', 'Guide', '=====', '', 'Intro.', '', 'Install', '-------', '', 'Steps.', '', 'Linux', '~~~~~', '', 'Apt.', '', 'Use', '---', '', 'Run.']
    expect(await converted(text.join('\n'))).toMatchObject({
      title: 'Guide',
      text: '# Guide\n\nIntro.\n\n## Install\n\nSteps.\n\n### Linux\n\nApt.\n\n## Use\n\nRun.',
    })
  })

  it('end nothing with a transition', async () => {
    expect(await textOf('One.', '', '----', '', 'Two.')).toBe('One.\n\nTwo.')
  })

  it('may have short underlines, and markup', async () => {
    expect(await textOf('The :mod:`json` *module*', '========')).toBe('# The `json` *module*')
  })
})

describe('F4: blocks', () => {
  it.each([
    ['code behind ::', ['Run this::', '', '    $ make', '', '    $ make install', '', 'Done.'], 'Run this:\n\n```\n$ make\n\n$ make install\n```\n\nDone.'],
    [':: alone', ['Text.', '', '::', '', '  code'], 'Text.\n\n```\ncode\n```'],
    ['quoted code', ['Like so ::', '', '> one', '> two', '', 'Text.'], 'Like so\n\n```\n> one\n> two\n```\n\nText.'],
    ['code-block', ['.. code-block:: python', '   :caption: a.py', '   :linenos:', '', '   import a', '', '   a.b()'], '**a.py**\n\n```python\nimport a\n\na.b()\n```'],
    ['highlight', ['.. highlight:: c', '', '::', '', '  int a;'], '```c\nint a;\n```'],
    ['a note', ['.. note:: Mind', '   this.', '', '   And that.'], '> **Note:** Mind this.\n>\n> And that.'],
    ['a warning with code', ['.. warning::', '', '   Do not::', '', '     rm'], '> **Warning:** Do not:\n>\n> ```\n> rm\n> ```'],
    ['an admonition with a title', ['.. admonition:: Our *way*', '', '   Text.'], '> **Our *way***\n>\n> Text.'],
    ['versions', ['.. versionadded:: 3.8', '', '.. deprecated:: 3.9 Use ``b``.', '', '.. versionchanged:: 3.7', '   Faster.'], 'New in version 3.8.\n\nDeprecated since version 3.9: Use `b`.\n\nChanged in version 3.7: Faster.'],
    ['functions are sections', ['Module', '======', '', '.. function:: dump(obj, fp)', '              dump(obj)', '', '   Writes *obj*.', '', '   :param obj: what', '   :raises ValueError: never'], '# Module\n\n## `dump(obj, fp)`\n\n`dump(obj)`\n\nWrites *obj*.\n\n- **param obj**: what\n- **raises ValueError**: never'],
    ['methods are below their class', ['T', '=', '', '.. py:class:: A', '', '   Text.', '', '   .. py:method:: b()', '', '      More.', '', 'End', '---'], '# T\n\n## `A`\n\nText.\n\n### `b()`\n\nMore.\n\n## End'],
    ['an image', ['.. image:: a.png', '   :alt: The parts'], '![The parts](a.png)'],
    ['a figure', ['.. figure:: a.png', '', '   The caption.'], 'The caption.'],
    ['comments and targets', ['.. A comment', '   of two lines', '', '.. _there:', '', '..', '', 'Text.', '', '.. _a: https://a.example'], 'Text.'],
    ['toctree and index', ['.. toctree::', '   :maxdepth: 2', '', '   a', '   b', '', '.. index:: x', '', 'Text.'], 'Text.'],
    ['bullets', ['* one', '  more', '', '* two', '', '  - inner', '* three'], '- one more\n- two\n  - inner\n- three'],
    ['numbers', ['3. three', '4. four', '', '#. five'], '3. three\n4. four\n5. five'],
    ['no number', ['A. Einstein was', 'a physicist.'], 'A. Einstein was a physicist.'],
    ['definitions', ['term', '    Its meaning.', '', 'other : class', '    One.', '', '    Two.'], '- **term**: Its meaning.\n\n- **other : class**\n\n  One.\n\n  Two.'],
    ['options', ['-a, --all  Everything.', '--file=NAME', '            One file.'], '- **-a, --all**: Everything.\n- **--file=NAME**: One file.'],
    ['fields in the text', ['Text.', '', ':Name: Body', '  more'], 'Text.\n\n- **Name**: Body more'],
    ['lines', ['| One', '| two'], 'One  \ntwo'],
    ['quotations', ['Text.', '', '   Quoted.'], 'Text.\n\n> Quoted.'],
    ['doctest', ['>>> 1 + 1', '2', '', 'Text.'], '```python\n>>> 1 + 1\n2\n```\n\nText.'],
    ['a simple table', ['=====  =====', 'A      B', '=====  =====', '1      two', '       more', '3      four', '=====  =====', '', 'Text.'], '| A | B |\n| --- | --- |\n| 1 | two more |\n| 3 | four |\n\nText.'],
    ['a grid table', ['+----+-----+', '| A  | B   |', '+====+=====+', '| 1  | two |', '|    | *m* |', '+----+-----+', '| x        |', '+----+-----+'], '| A | B |\n| --- | --- |\n| 1 | two *m* |\n| x |  |'],
    ['a list-table', ['.. list-table:: Kinds', '   :header-rows: 1', '', '   * - A', '     - B', '   * - 1', '     - ``x``'], '**Kinds**\n\n| A | B |\n| --- | --- |\n| 1 | `x` |'],
    ['a csv-table', ['.. csv-table::', '   :header: "A", "B"', '', '   1, "two, three"'], '| A | B |\n| --- | --- |\n| 1 | two, three |'],
    ['footnotes', ['See [1]_.', '', '.. [1] The *note*.'], 'See [1].\n\n[1] The *note*.'],
    ['raw HTML', ['.. raw:: html', '', '   <p>Shown <b>words</b></p>', '', '.. raw:: latex', '', '   \\hidden'], 'Shown **words**'],
    ['an unknown directive', ['.. newthing:: Its title', '   :option: 1', '', '   Its *text*.'], '**Its title**\n\nIts *text*.'],
    ['a class for the text below', ['.. rst-class:: lead', '', '   Shown.'], 'Shown.'],
    ['names of a summary', ['.. autosummary::', '   :toctree:', '', '   json.dump'], 'json.dump'],
    ['a formula', ['.. math::', '', '   a^2'], '$$\na^2\n$$'],
  ])('%s', async (_, lines, markdown) => {
    expect(await textOf(...lines)).toBe(markdown)
  })

  it('fields at the start are metadata', async () => {
    expect(await converted('Title\n=====\n\n:Author: Anna\n:orphan:\n\nText.\n')).toMatchObject({ text: '# Title\n\nText.', metadata: { front_matter: { author: 'Anna' } } })
  })
})

describe('F4: inline markup', () => {
  it.each([
    ['*a* **b** ``c d``', '*a* **b** `c d`'],
    [':func:`json.dump`, :class:`~a.b.C`, :py:meth:`!x`', '`json.dump`, `a.b.C`, `x`'],
    [':ref:`the text <there>` and :doc:`/a/b`', 'the text and /a/b'],
    ['`a page <https://a.example/x>`_ and `named`__', '[a page](https://a.example/x) and named'],
    ['Python_ and `the other one`_.\n\n.. _Python: https://python.example\n.. _the other one: https://o.example', '[Python](https://python.example) and [the other one](https://o.example).'],
    ['|name| is |release|.\n\n.. |name| replace:: The *loader*', 'The \\*loader\\* is |release|.'],
    [':pep:`8`, :rfc:`2616`, :sup:`2`, :math:`x^2`, `x`:sub:', 'PEP 8, RFC 2616, 2, $x^2$, x'],
    ['snake_case_name, a_ b, 2*3*4, `, *open, class_', 'snake_case_name, a\\_ b, 2\\*3\\*4, `, \\*open, class\\_'],
    ['re\\ *ed*, \\*not\\*', 're*ed*, \\*not\\*'],
    ['https://a.example/b_c_d', 'https://a.example/b_c_d'],
  ])('%s', async (text, markdown) => {
    const plain = (await textOf(text)).replace(/\\([*_])/g, '$1')
    expect(plain).toBe(markdown.replace(/\\([*_])/g, '$1'))
  })
})

describe('whatever the text', () => {
  const LINES = [
    'Title', '=====', '-----', '..', '.. note::', '.. code-block:: c', '   ', '    ', '* ', '1. ', ':field: ', '| ', '+---+', '| x |', '>>> ', '::', '====  ====', 'term', '-a  ', '.. [1] ', '*', '``', '`', ':ref:`', '|', '_', '\\', '.. list-table::', '   * - ',
  ]

  it('no word is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom('', '  ', '    '), fc.constantFrom(...LINES)), { maxLength: 25 }), async (parts) => {
        const lines = parts.map(([indent, line], at) => `${indent}${line} word${at}x`)
        const { text } = await converted(lines.join('\n'))
        // Comments, targets, options, and fields before the text are not shown.
        const hides = /\.\.|:field:|^\s*:/m
        if (!hides.test(lines.join('\n'))) for (const at of parts.keys()) expect(text).toContain(`word${at}x`)
      }),
      { numRuns: 400 },
    )
  })
})
