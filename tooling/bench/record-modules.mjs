// Preloaded into a process that is looked at: writes down each module that is loaded, in order, as `[url, milliseconds]` of
// finding and reading it. Node's own modules have addresses that begin with `node:`.
import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

const loaded = []

registerHooks({
  load(url, context, next) {
    const started = performance.now()
    const result = next(url, context)
    loaded.push([url.includes(':') ? url : `node:${url}`, performance.now() - started])
    return result
  },
})

process.on('exit', () => writeFileSync(process.env.BENCH_MODULES_FILE, JSON.stringify(loaded)))
