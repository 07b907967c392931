import { ask } from './ask.ts'
import { ExitCode, exitCodeOfSignal } from './failure/exit-code.ts'
import { knownFailure } from './failure/known-failure.ts'
import { renderFailure } from './failure/render-failure.ts'
import { listenForSignals } from './interrupt.ts'
import { createStandardOutput } from './output/standard-output.ts'
import { run } from './run.ts'
import { claimLastWords, sayStoppedAtOnce, watchSignals } from './watch-signals.ts'

/** How long what a connector left open may hold the process after its work is done, in milliseconds. */
const GRACE_MS = 3_000

const watched = { json: process.argv.includes('--json'), said: new SharedArrayBuffer(4) }

/** Runs the command line of this process, and sets its exit status. */
export async function runProgram(): Promise<void> {
  // Whatever this process and the programs that it starts make (clones, caches, files of connectors) is for this user
  // alone: it holds the texts of private sources.
  process.umask(0o077)

  const stdout = createStandardOutput(process.stdout, crash)
  const stderr = createStandardOutput(process.stderr, () => undefined)

  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)

  const signal = listenForSignals(process, exitNow)

  const host = {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    now: Date.now,
    uid: process.getuid?.(),
    watchSignals: onceOnly(() => watchSignals(watched)),
    ...(process.stdin.isTTY && process.stderr.isTTY && { ask }),
  }
  process.exitCode = await run({ host, stdout, stderr, signal })
  claimLastWords(watched)
  await Promise.all([stdout.flush(), stderr.flush()])
  // Stopped: what a connector left open is not waited for.
  if (signal.aborted) process.exit()
  setTimeout(() => process.exit(), GRACE_MS).unref()
}

function onceOnly(action: () => void): () => void {
  let done = false
  return () => {
    if (!done) action()
    done = true
  }
}

/** What is under way is left as it is: the next run knows of it. */
function exitNow(name: NodeJS.Signals): void {
  sayStoppedAtOnce(name, watched)
  process.exit(exitCodeOfSignal(name))
}

/** Nobody caught it, so nothing is known about the state of this process: it ends. */
function crash(error: unknown): void {
  const failure = knownFailure(error)
  const debug = process.argv.join(' ').match(/--log-level[= ]debug/) !== null
  process.stderr.write(renderFailure(failure, debug ? error : undefined))
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ status: 'failed', error: failure }, undefined, 2)}\n`)
  process.exit(ExitCode.defect)
}
