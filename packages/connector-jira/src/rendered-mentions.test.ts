import { expect, it } from 'vitest'
import { renderedMentions } from './rendered-mentions.ts'

it('finds who is mentioned, whatever signs are in a name', () => {
  const html = `<p><a href="https://example.com/secure/ViewProfile.jspa?name=ada" class="user-hover" rel="ada">Ada &amp; Co</a> and
    <a rel="o&#39;neil" class="user-hover" href="#">Tip O&#39;Neil &#xe9; &#99999999;</a>, <a href="https://example.com" class="external-link" rel="nofollow">not him</a></p>`
  expect(renderedMentions(html)).toEqual([['ada', 'Ada & Co'], ["o'neil", "Tip O'Neil é &#99999999;"]])
})

it('does not get slow by any text', () => {
  const began = performance.now()
  expect(renderedMentions('<a '.repeat(200_000) + '<a class="user-hover" rel="'.repeat(20_000))).toEqual([])
  expect(performance.now() - began).toBeLessThan(2_000)
})
