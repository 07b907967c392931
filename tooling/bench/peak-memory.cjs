// Loaded into a measured process (`node --require`): writes its peak resident memory in kilobytes when it ends.
// VmHWM belongs to the program alone. ru_maxrss, the fallback, starts at what the parent had before `exec`.
const { readFileSync, writeFileSync } = require('node:fs')

process.on('exit', () => {
  let kilobytes = process.resourceUsage().maxRSS
  try {
    kilobytes = Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1])
  } catch {
    // Not Linux.
  }
  writeFileSync(process.env.BENCH_PEAK_MEMORY_FILE, String(kilobytes))
})
