import type { SharedFault } from './faults.ts'
import type { HandCommand } from './hand-commands.ts'
import type { SimulatedServer } from './simulated-server.ts'
import { numberFrom } from './words.ts'

/** A simulated server, whatever is its own. */
export type AnyServer = Pick<SimulatedServer<undefined, object>, 'url' | 'close' | 'breakOff' | 'heal' | 'requests' | 'requestCount' | 'resetCounters'> & {
  readonly faults: { add(fault: SharedFault, target: { readonly times: number }): void }
}

/** What somebody who tries the loader by hand can do to any server. */
export function faultCommands(server: AnyServer): readonly HandCommand[] {
  /** The next requests, as many as the last word says, meet a fault. */
  const next = (usage: string, what: (word: string) => { readonly fault: SharedFault; readonly said: string }): HandCommand => ({
    usage,
    run(words) {
      const takesWord = usage.split(' ').length > 2
      const { fault, said } = what((takesWord ? words[0] : undefined) ?? '')
      const times = numberFrom('TIMES', words[takesWord ? 1 : 0] ?? '1')
      server.faults.add(fault, { times })
      return `the next requests ${said}: ${times}`
    },
  })
  return [
    next('fail STATUS [TIMES]', (status) => {
      if (!/^[45]\d\d$/.test(status)) throw new Error('a status from 400 to 599, and a number')
      return { fault: { kind: 'status', status: Number(status), ...(status === '429' && { retryAfter: '3' }) }, said: `are answered with ${status}` }
    }),
    next('slow MS [TIMES]', (ms) => ({ fault: { kind: 'delay', ms: numberFrom('MS', ms) }, said: `take ${ms} ms` })),
    next('hang [TIMES]', () => ({ fault: { kind: 'delay', ms: Number.POSITIVE_INFINITY }, said: 'get no answer' })),
    next('drop [TIMES]', () => ({ fault: { kind: 'drop' }, said: 'are cut off' })),
    next('cut [TIMES]', () => ({ fault: { kind: 'truncate' }, said: 'get half of an answer' })),
    next('login [TIMES]', () => ({ fault: { kind: 'login-page' }, said: 'get a page to log in with' })),
    {
      usage: 'breakoff AFTER',
      run([after = '']) {
        server.breakOff(numberFrom('AFTER', after))
        return `after ${after} requests every connection is closed, until heal`
      },
    },
    {
      usage: 'heal',
      run() {
        server.heal()
        return 'nothing goes wrong any more'
      },
    },
    {
      usage: 'requests',
      run() {
        const lines = [...server.requests].map(([route, count]) => `\n  ${count} × ${route}`)
        const said = `${server.requestCount} since the last look${lines.join('')}`
        server.resetCounters()
        return said
      },
    },
  ]
}
