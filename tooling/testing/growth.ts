/** A hostile text: its name, and how it is made with about so many characters. */
export interface HostileText {
  readonly name: string
  readonly make: (length: number) => string
}

/** What {@link slowestGrowth} found. */
export interface Growth {
  /** Processor time of the longer text divided by that of the shorter one; at most 1 where both are too short to tell. */
  readonly ratio: number
  /** Milliseconds of processor time, the least of all measurements. */
  readonly small: number
  readonly large: number
}

/** The lengths that are compared, in characters. */
const SMALL = 100_000
const LARGE = 2 * SMALL
/** What is shorter is noise: the collector, the compiler, and the clock, which ticks every few milliseconds. In milliseconds. */
const NOISE_MS = 10
/** A function that would take longer than this even if it were linear is not tried on all of the text, in milliseconds. */
const HOPELESS_MS = 15_000
/** Parts of the shorter text that are tried before it. */
const FIRST = [0.01, 0.03, 0.1]
/** One measurement of so many milliseconds is no noise. */
const LONG_MS = 2_000
const MEASUREMENTS = 7
/** The most that twice the text may take, as the tests demand it. */
export const LINEAR = 2.5

/**
 * How the processor time of a function grows when its text is twice as long. Measured on this thread alone, so that the
 * load of the machine does not count; noise only adds, so the least of several measurements is taken, and more are made
 * only while the ratio is too high.
 */
export function growthOf(run: (text: string) => unknown, make: HostileText['make'], hopelessMs = HOPELESS_MS): Growth {
  for (const part of FIRST) {
    if (costOf(run, make(SMALL * part)) > hopelessMs * part) return { ratio: Number.POSITIVE_INFINITY, small: hopelessMs, large: Number.POSITIVE_INFINITY }
  }
  const texts = [make(SMALL), make(LARGE)] as const
  let [small, large] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let ratio = Number.POSITIVE_INFINITY
  for (let measured = 0; measured < MEASUREMENTS && ratio > LINEAR; measured += 1) {
    small = Math.min(small, costOf(run, texts[0]))
    large = Math.min(large, costOf(run, texts[1]))
    ratio = (large + NOISE_MS) / (small + NOISE_MS)
    // What takes that long is no noise.
    if (large > LONG_MS) break
  }
  return { ratio, small, large }
}

/** The texts that take a function more than {@link LINEAR} times as long when they are twice as long, in words. */
export function slowOnes(run: (text: string) => unknown, texts: readonly HostileText[]): readonly string[] {
  return texts.flatMap(({ name, make }) => {
    const { ratio, small, large } = growthOf(run, make)
    return ratio <= LINEAR ? [] : [`${name}: ${small.toFixed(1)} ms, then ${large.toFixed(1)} ms`]
  })
}

/** A text that repeats a part, between a beginning and an end. */
export function repeated(name: string, part: string, begin = '', end = ''): HostileText {
  return { name, make: (length) => `${begin}${part.repeat(Math.ceil((length - begin.length - end.length) / part.length))}${end}` }
}

/** Milliseconds of processor time. */
function costOf(run: (text: string) => unknown, text: string): number {
  const before = cpuMicroseconds()
  run(text)
  return (cpuMicroseconds() - before) / 1_000
}

function cpuMicroseconds(): number {
  // Of this thread alone where Node has it (from 23.9 on).
  const { threadCpuUsage } = process as { readonly threadCpuUsage?: () => NodeJS.CpuUsage }
  const { user, system } = threadCpuUsage?.() ?? process.cpuUsage()
  return user + system
}
