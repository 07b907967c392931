/** How CommonMark sees a neighbour of a delimiter: the edge of the text counts as a space. */
export type CharacterKind = 'space' | 'punctuation' | 'other'

const SPACE = /^\s$/u
const PUNCTUATION = /^[\p{P}\p{S}]$/u

/** Kind of a single character, or of the edge of a text (`''`). */
export function characterKind(character: string): CharacterKind {
  if (character === '') return 'space'
  const code = character.charCodeAt(0)
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)) return 'other'
  if (SPACE.test(character)) return 'space'
  return PUNCTUATION.test(character) ? 'punctuation' : 'other'
}

/** Whether a run of delimiters between these two characters can open emphasis. */
export function leftFlanking(before: string, after: string): boolean {
  const next = characterKind(after)
  if (next === 'space') return false
  return next === 'other' || characterKind(before) !== 'other'
}

/** Whether a run of delimiters between these two characters can close emphasis. */
export function rightFlanking(before: string, after: string): boolean {
  return leftFlanking(after, before)
}
