import type { Stage } from './stage.ts'
import type { WorldFeature } from './world.ts'

/** One thing that holds for every connector. */
export interface Law {
  /** A statement about a connector, and the title of its test. Stable, and different from every other. */
  readonly title: string
  /** What a user sees happen where it does not hold. */
  readonly otherwise: string
  /** Members of the world without which it cannot be tested. */
  readonly needs: readonly WorldFeature[]
  /** Plays one scene. @throws where the law does not hold. */
  readonly prove: (stage: Stage) => Promise<void>
}

/** Makes a {@link Law}. */
export function law(title: string, { otherwise, needs = [], prove }: Omit<Law, 'title' | 'needs'> & Partial<Pick<Law, 'needs'>>): Law {
  return { title, otherwise, needs, prove: (stage) => prove(stage).catch((error: unknown) => fail(title, otherwise, error)) }
}

/** The failure says which law is broken and what it is for; what was expected stays as it is, for a reporter's diff. */
function fail(title: string, otherwise: string, error: unknown): never {
  const why = `A connector ${title}. Otherwise ${otherwise}.`
  if (!(error instanceof Error)) throw new Error(`${why}\n${String(error)}`, { cause: error })
  const { message, stack } = error
  error.message = `${why}\n${message}`
  // Some assertions have taken their stack, with the message in it, before.
  if (stack !== undefined && !stack.includes(why)) error.stack = stack.replace(message, () => error.message)
  throw error
}
