import type { World, WorldFeature } from './world.ts'

/** Each member that a world may do without, and how one sees that it has it. */
const FEATURES: Readonly<Record<WorldFeature, (world: World) => boolean>> = {
  rename: ({ rename }) => rename !== undefined,
  touch: ({ touch }) => touch !== undefined,
  pageSize: ({ pageSize }) => pageSize !== undefined,
  fail: ({ fail }) => fail !== undefined,
  breakOff: ({ breakOff }) => breakOff !== undefined,
  refuse: ({ refuse }) => refuse !== undefined,
  repeat: ({ repeat }) => repeat !== undefined,
  stall: ({ stall }) => stall !== undefined,
  spoil: ({ spoil }) => spoil !== undefined,
  secrets: ({ secrets = [] }) => secrets.length > 0,
}

/** What `heal` ends. */
const TROUBLES: readonly WorldFeature[] = ['fail', 'breakOff', 'refuse', 'repeat', 'stall', 'spoil']

/** All of them, in the order of the reference. */
export const WORLD_FEATURES = Object.keys(FEATURES) as readonly WorldFeature[]

/** What this world has. */
export function featuresOf(world: World): ReadonlySet<WorldFeature> {
  return new Set(WORLD_FEATURES.filter((feature) => FEATURES[feature](world)))
}

/** What is wrong with what a world says of its members. Empty: it has each one, or says why not. */
export function featureProblems(world: World): readonly string[] {
  const has = featuresOf(world)
  const lacks: Readonly<Partial<Record<string, string>>> = world.lacks ?? {}
  const problems = WORLD_FEATURES.flatMap((feature) => {
    const reason = lacks[feature]
    if (has.has(feature)) return reason === undefined ? [] : [`the world has \`${feature}\`, and names it in \`lacks\` all the same`]
    return (reason ?? '').trim() === '' ? [`the world has no \`${feature}\` and does not say why in \`lacks\``] : []
  })
  const unknown = Object.keys(lacks).filter((name) => !(name in FEATURES))
  const trouble = TROUBLES.filter((feature) => has.has(feature))
  return [
    ...problems,
    ...unknown.map((name) => `\`lacks\` names \`${name}\`, which no world has`),
    ...(trouble.length > 0 && world.heal === undefined ? [`the world has \`${trouble[0]}\` and no \`heal\` to end it`] : []),
  ]
}
