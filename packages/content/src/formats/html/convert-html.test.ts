import { expect, it } from 'vitest'

import { convertContent } from '../convert-content.ts'

const HTML =
  '<html lang="en"><head><title>Install</title><meta name="description" content="How to"></head><body><nav>Menu</nav>' +
  '<main><h1>Install</h1><p>See <a href="../use.html">its use</a> and <a href="https://a.example/x">more</a>.</p><script>x()</script></main></body></html>'

it('F5: an HTML file is its main content, with its links as they are', async () => {
  expect(await convertContent({ bytes: Buffer.from(HTML), name: 'docs/install.html' })).toEqual({
    contentType: 'text/html',
    format: 'markdown',
    title: 'Install',
    language: 'en',
    metadata: { description: 'How to' },
    text: '# Install\n\nSee [its use](../use.html) and [more](https://a.example/x).',
  })
})

it('F5: an address that is known makes links absolute', async () => {
  const converted = await convertContent({ bytes: Buffer.from(HTML), name: 'install.html' }, { baseUrl: 'https://docs.example.com/guide/install.html' })
  expect(converted).toMatchObject({ text: expect.stringContaining('[its use](https://docs.example.com/use.html)') })
})
