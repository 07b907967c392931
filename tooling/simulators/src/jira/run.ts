import type { SimulatorRun } from '../base/simulator-run.ts'
import { given, numberFrom, oneOf, portFrom, switchesOf } from '../base/words.ts'
import { generateJira } from './generate-jira.ts'
import { JiraSimulator } from './jira-simulator.ts'
import type { Bucket, JiraQuirks } from './quirks.ts'

export const usage: SimulatorRun['usage'] = `pnpm sim jira [--issues N] [--deployment cloud|datacenter] [--port P] [--email E] [--token T] [--prefix /path]
         [--unservable N,N] [--unservable-rows] [--down] [--closed KEY --closed-projects refused|empty] [--missing-ids named|silent|unnamed|strict]
         [--rows-with-field N] [--mentions live|as-written|without-text] [--keys-in-text as-written|current]
         [--emoticons images|text] [--thumbnails image|around|link] [--languages java,sql]
         [--sign-in open|captcha|scoped-token] [--bucket N/SECONDS --retry-after seconds|zero|none --no-rate-headers]`

const OPTIONS = {
  issues: { type: 'string', default: '100' },
  deployment: { type: 'string', default: 'cloud' },
  port: { type: 'string', default: '8091' },
  email: { type: 'string', default: 'reader@example.com' },
  token: { type: 'string', default: 'the-token' },
  prefix: { type: 'string', default: '' },
  unservable: { type: 'string', default: '' },
  'unservable-rows': { type: 'boolean', default: false },
  down: { type: 'boolean', default: false },
  closed: { type: 'string' },
  'closed-projects': { type: 'string' },
  'missing-ids': { type: 'string' },
  'rows-with-field': { type: 'string' },
  mentions: { type: 'string' },
  'keys-in-text': { type: 'string' },
  emoticons: { type: 'string' },
  thumbnails: { type: 'string' },
  languages: { type: 'string' },
  'sign-in': { type: 'string' },
  bucket: { type: 'string' },
  'retry-after': { type: 'string', default: 'seconds' },
  'no-rate-headers': { type: 'boolean', default: false },
} as const

type Values = ReturnType<typeof switchesOf<typeof OPTIONS>>

/** A Jira with one project, DEMO, of generated issues. */
export const run: SimulatorRun['run'] = async (words) => {
  const values = switchesOf(words, OPTIONS)
  const { issues, port, email, token, prefix, closed } = values
  const deployment = oneOf('--deployment', values.deployment, ['cloud', 'datacenter'])
  const light = numberFrom('--rows-with-field', values['rows-with-field'])
  const simulator = await JiraSimulator.start({
    deployment,
    port: portFrom(port),
    email,
    token,
    prefix,
    ...quirksFrom(values),
    ...(light !== undefined && { pageLimits: { light } }),
  })
  const project = generateJira(simulator.world, numberFrom('--issues', issues))
  const all = [...simulator.world.issues.values()].filter(({ projectId }) => projectId === project.id)
  for (const number of values.unservable.split(',').filter((word) => word !== '')) {
    const found = all.find((issue) => issue.number === numberFrom('--unservable', number))
    if (found === undefined) throw new Error(`there is no issue DEMO-${number}`)
    simulator.unservable.add(found.id)
  }
  if (closed !== undefined) generateJira(simulator.world, 3, closed).browsable = false
  simulator.unservableRows = values['unservable-rows']
  simulator.down = values.down
  const lines = ['sources:', '  jira:', '    simulated:', `      base_url: ${simulator.url}`, `      deployment_type: ${deployment}`, `      project_key: ${project.key}`]
  const account = deployment === 'cloud' ? [`      email: ${email}`] : []
  return { server: simulator, configuration: `${[...lines, ...account, `      token: ${token}`].join('\n')}\n` }
}

function quirksFrom(values: Values): Partial<JiraQuirks> {
  return given({
    mentions: oneOf('--mentions', values.mentions, ['live', 'as-written', 'without-text']),
    keysInText: oneOf('--keys-in-text', values['keys-in-text'], ['as-written', 'current']),
    emoticons: oneOf('--emoticons', values.emoticons, ['images', 'text']),
    languages: values.languages === undefined ? undefined : new Set(values.languages.split(',')),
    thumbnails: oneOf('--thumbnails', values.thumbnails, ['image', 'around', 'link']),
    closedProjects: oneOf('--closed-projects', values['closed-projects'], ['refused', 'empty']),
    missingIds: oneOf('--missing-ids', values['missing-ids'], ['named', 'silent', 'unnamed', 'strict']),
    signIn: oneOf('--sign-in', values['sign-in'], ['open', 'captcha', 'scoped-token']),
    bucket: bucketFrom(values),
  })
}

function bucketFrom({ bucket, 'retry-after': retryAfter, 'no-rate-headers': without }: Values): Bucket | undefined {
  if (bucket === undefined) return undefined
  const [requests = '', seconds = ''] = bucket.split('/')
  return {
    requests: numberFrom('--bucket', requests),
    seconds: numberFrom('--bucket', seconds),
    retryAfter: oneOf('--retry-after', retryAfter, ['seconds', 'zero', 'none']),
    headers: !without,
  }
}
