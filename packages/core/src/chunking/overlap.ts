import { lineUnits, sentenceUnits } from './text-units.ts'
import { countTokensBetween, segmentEnd } from './token-counter.ts'

/** No more characters a token than this are looked at: it bounds the work, not the result, for ordinary text. */
const CHARACTERS_A_TOKEN = 12

/**
 * Where the text begins that is repeated before a chunk: at most `tokens` tokens before `start`, not before `floor`.
 * The beginning of a sentence or of a line is preferred; where none is near enough, a word; `start` where nothing fits.
 */
export function overlapStart(text: string, floor: number, start: number, tokens: number): number {
  const from = Math.max(floor, start - tokens * CHARACTERS_A_TOKEN)
  const fits = (at: number): boolean => countTokensBetween(text, at, start) <= tokens
  const candidates = [...sentenceUnits(text, from, start), ...lineUnits(text, from, start)]
    .map((unit) => unit.start)
    .filter((at) => at > from || from === floor)
    .sort((a, b) => a - b)
  return firstThat(candidates, fits) ?? firstThat(wordStarts(text, from, start), fits) ?? start
}

function wordStarts(text: string, from: number, end: number): number[] {
  const starts: number[] = []
  for (let at = from; at < end; ) {
    at = segmentEnd(text, at, end)
    let word = at
    while (word < end && text.charCodeAt(word) === 32) word++
    if (word < end) starts.push(word)
  }
  return starts
}

/** The first of ascending places that fits; whatever is after one that fits does so too. */
function firstThat(places: readonly number[], fits: (at: number) => boolean): number | undefined {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (fits(places[middle] as number)) high = middle
    else low = middle + 1
  }
  return places[low]
}
