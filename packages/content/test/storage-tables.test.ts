import { describe, expect, it } from 'vitest'
import { convert, type StorageCase } from './storage-world.ts'

const CASES: StorageCase[] = [
  {
    name: 'a table with a header row',
    storage: [
      '<table><colgroup><col/><col/></colgroup><tbody><tr><th><p><strong>Name</strong></p></th>',
      '<th>Value</th></tr><tr><td><p>a|b</p></td><td><p>one</p><p>two</p></td></tr></tbody></table>',
    ],
    markdown: [
      '| Name | Value |',
      '| --- | --- |',
      '| a\\|b | one<br>two |',
    ],
  },
  {
    name: 'a header column',
    storage: [
      '<table><tbody><tr><th>Owner</th><td>Jane</td></tr><tr><th>State</th><td>',
      '<ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">Green</ac:parameter>',
      '<ac:parameter ac:name="title">DONE</ac:parameter></ac:structured-macro></td></tr></tbody></table>',
    ],
    markdown: [
      '|  |  |',
      '| --- | --- |',
      '| **Owner** | Jane |',
      '| **State** | DONE |',
    ],
  },
  {
    name: 'merged cells are repeated for each row, not for each column',
    storage: [
      '<table><tbody><tr><th>Region</th><th>City</th><th>Note</th></tr><tr><td rowspan="2">North</td>',
      '<td>Oslo</td><td>a</td></tr><tr><td colspan="2">Bergen</td></tr></tbody></table>',
    ],
    markdown: [
      '| Region | City | Note |',
      '| --- | --- | --- |',
      '| North | Oslo | a |',
      '| North | Bergen |  |',
    ],
  },
  {
    name: 'stacked header rows are joined',
    storage: [
      '<table><thead><tr><th rowspan="2">Team</th><th colspan="2">2026</th></tr><tr><th>Q1</th><th>Q2</th>',
      '</tr></thead><tbody><tr><td>A</td><td>1</td><td>2</td></tr></tbody></table>',
    ],
    markdown: [
      '| Team | 2026 / Q1 | 2026 / Q2 |',
      '| --- | --- | --- |',
      '| A | 1 | 2 |',
    ],
  },
  {
    name: 'lists in cells',
    storage: [
      '<table><tbody><tr><th>Step</th><th>Who</th></tr><tr><td><ul><li>one</li><li>two<ul><li>deeper</li>',
      '</ul></li></ul></td><td><ol><li>Ann</li><li>Bob</li></ol></td></tr></tbody></table>',
    ],
    markdown: [
      '| Step | Who |',
      '| --- | --- |',
      '| • one<br>• two<br>◦ deeper | 1. Ann<br>2. Bob |',
    ],
  },
  {
    name: 'code in cells makes a list of rows',
    storage: [
      '<table><tbody><tr><th>Call</th><th>Example</th></tr><tr><td>get</td><td>',
      '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[a()\nb()]]></ac:plain-text-body>',
      '</ac:structured-macro></td></tr><tr><td>put</td><td>none</td></tr></tbody></table>',
    ],
    markdown: [
      '- **Call:** get',
      '',
      '  **Example:**',
      '',
      '  ```',
      '  a()',
      '  b()',
      '  ```',
      '',
      '- **Call:** put',
      '',
      '  **Example:** none',
    ],
  },
  {
    name: 'a table in a table',
    storage: [
      '<table><tbody><tr><th>Area</th><th>Detail</th></tr><tr><td>Net</td><td><table><tbody><tr>',
      '<th>Port</th><th>Use</th></tr><tr><td>80</td><td>http</td></tr></tbody></table></td></tr></tbody>',
      '</table>',
    ],
    markdown: [
      '- **Area:** Net',
      '',
      '  **Detail:**',
      '',
      '  | Port | Use |',
      '  | --- | --- |',
      '  | 80 | http |',
    ],
  },
  {
    name: 'a table of one cell is its content',
    storage: '<table><tbody><tr><td><h2>Title</h2><p>text</p></td></tr></tbody></table>',
    markdown: [
      '## Title',
      '',
      'text',
    ],
  },
  {
    name: 'sections and columns of old',
    storage: [
      '<ac:structured-macro ac:name="section"><ac:rich-text-body><ac:structured-macro ac:name="column">',
      '<ac:parameter ac:name="width">50%</ac:parameter><ac:rich-text-body><p>l</p></ac:rich-text-body>',
      '</ac:structured-macro><ac:structured-macro ac:name="column"><ac:rich-text-body><p>r</p>',
      '</ac:rich-text-body></ac:structured-macro></ac:rich-text-body></ac:structured-macro>',
    ],
    markdown: [
      'l',
      '',
      'r',
    ],
  },
  {
    name: 'an empty table and an empty list leave nothing',
    storage: '<table><tbody><tr><td><p><br/></p></td><td>&nbsp;</td></tr></tbody></table><ul><li></li></ul>',
    markdown: '',
  },
  {
    name: 'rows without text are left out',
    storage: [
      '<table><tbody><tr><th>A</th><th>B</th></tr><tr><td></td><td><p/></td></tr><tr><td>1</td><td></td>',
      '</tr></tbody></table>',
    ],
    markdown: [
      '| A | B |',
      '| --- | --- |',
      '| 1 |  |',
    ],
  },
  {
    name: 'tasks in a cell',
    storage: [
      '<table><tbody><tr><th>Who</th><th>What</th></tr><tr><td>Ann</td><td><ac:task-list><ac:task>',
      '<ac:task-status>complete</ac:task-status><ac:task-body>a</ac:task-body></ac:task><ac:task>',
      '<ac:task-status>incomplete</ac:task-status><ac:task-body>b</ac:task-body></ac:task></ac:task-list>',
      '</td></tr></tbody></table>',
    ],
    markdown: [
      '| Who | What |',
      '| --- | --- |',
      '| Ann | [x] a<br>[ ] b |',
    ],
  },
  {
    name: 'one line of code in a cell',
    storage: [
      '<table><tbody><tr><th>Call</th></tr><tr><td><ac:structured-macro ac:name="code"><ac:plain-text-body>',
      '<![CDATA[a|b]]></ac:plain-text-body></ac:structured-macro></td></tr></tbody></table>',
    ],
    markdown: [
      '| Call |',
      '| --- |',
      '| `a\\|b` |',
    ],
  },
  {
    name: 'a panel in a cell',
    storage: [
      '<table><tbody><tr><th>A</th><th>B</th></tr><tr><td><ac:structured-macro ac:name="info">',
      '<ac:rich-text-body><p>i</p><p>j</p></ac:rich-text-body></ac:structured-macro></td><td>x</td></tr>',
      '</tbody></table>',
    ],
    markdown: [
      '| A | B |',
      '| --- | --- |',
      '| **Info:** i<br>j | x |',
    ],
  },
  {
    name: 'aligned columns',
    storage: [
      '<table><thead><tr><th style="text-align: right;">n</th><th>t</th></tr></thead><tbody><tr>',
      '<td style="text-align: right;">1</td><td>x</td></tr></tbody></table>',
    ],
    markdown: [
      '| n | t |',
      '| --: | --- |',
      '| 1 | x |',
    ],
  },
]

describe('Tables of storage format', () => {
  it.each(CASES)('$name', ({ storage, markdown }) => {
    expect(convert(storage)).toBe([markdown].flat().join('\n'))
  })
})
