import { expect, it } from 'vitest'

import { convertInThread } from './convert-in-thread.ts'

const file = { name: 'asciidoc', contentType: 'text/asciidoc', titled: true }

it('a text that needs too long fails, and the next one is converted', async () => {
  const text = 'a *b* c\n\n'.repeat(100_000)
  await expect(convertInThread(text, { file, name: 'slow.adoc' }, { seconds: 0.01, megabytes: 256 })).rejects.toMatchObject({ code: 'content_too_slow', kind: 'document' })
  expect(await convertInThread('Text.', { file }, { seconds: 30, megabytes: 256 })).toMatchObject({ text: 'Text.' })
})

it('a text that needs too much memory fails, and the next one is converted', async () => {
  const text = 'a *b* c\n\n'.repeat(400_000)
  await expect(convertInThread(text, { file, name: 'large.adoc' }, { seconds: 60, megabytes: 24 })).rejects.toMatchObject({ code: 'content_too_large', kind: 'document' })
  expect(await convertInThread('Text.', { file }, { seconds: 30, megabytes: 256 })).toMatchObject({ text: 'Text.' })
})
