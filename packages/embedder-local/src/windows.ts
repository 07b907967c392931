/** The model's `ClipToMaxLength`: word pieces after the 128th have no influence on its vector. */
const LONGEST_WINDOW = 128
/** The tokeniser takes quadratic time in what it is given at once, so text goes to it in stretches of this many characters. */
const LONGEST_STRETCH = 400

/**
 * The text in stretches for the tokeniser, cut between words where there are any. White space is made single blanks:
 * the vocabulary has no piece for a line break.
 */
export function stretches(text: string): string[] {
  const flat = text.replace(/\s+/g, ' ').trim()
  const pieces: string[] = []
  for (let from = 0; from < flat.length; ) {
    const next = cutBefore(flat, from)
    pieces.push(flat.slice(from, next))
    from = flat.charCodeAt(next) === 32 ? next + 1 : next
  }
  return pieces
}

function cutBefore(text: string, from: number): number {
  const end = from + LONGEST_STRETCH
  if (end >= text.length) return text.length
  const blank = text.lastIndexOf(' ', end)
  if (blank > from) return blank
  const code = text.charCodeAt(end)
  return code >= 0xdc00 && code <= 0xdfff ? end + 1 : end
}

/** Cuts word pieces into the fewest windows that the model uses in full, of about equal length. */
export function windows(pieces: readonly number[]): number[][] {
  const count = Math.ceil(pieces.length / LONGEST_WINDOW)
  return Array.from({ length: count }, (_, at) =>
    pieces.slice(Math.floor((at * pieces.length) / count), Math.floor(((at + 1) * pieces.length) / count)),
  )
}

/** The direction of the mean of vectors, of unit length, each weighted; undefined when they cancel out. */
export function meanDirection(vectors: readonly ArrayLike<number>[], weights: readonly number[]): Float32Array | undefined {
  const sum = new Float64Array(vectors[0]?.length ?? 0)
  for (const [at, vector] of vectors.entries()) {
    const weight = weights[at] ?? 0
    for (let place = 0; place < sum.length; place++) sum[place] = (sum[place] ?? 0) + weight * (vector[place] ?? 0)
  }
  const length = Math.sqrt(sum.reduce((squares, value) => squares + value * value, 0))
  if (!(length > 0) || !Number.isFinite(length)) return undefined
  return Float32Array.from(sum, (value) => value / length)
}
