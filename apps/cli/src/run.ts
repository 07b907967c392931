import { redactValue, SecretVault } from '@qdrant-loader/core/secrets'
import type { AnyCommand } from './command-line/command-spec.ts'
import { ASKING } from './command-line/asking.ts'
import { commands } from './commands.ts'
import { renderHelp } from './command-line/help.ts'
import { parseCommandLine } from './command-line/parse.ts'
import type { Invocation } from './command-line/parse.ts'
import { usageError } from './command-line/usage-error.ts'
import type { CommandContext, CommandResult, Host } from './command-context.ts'
import { ExitCode, exitCodeOfError, exitCodeOfSignal } from './failure/exit-code.ts'
import { knownFailure } from './failure/known-failure.ts'
import { renderFailure } from './failure/render-failure.ts'
import { interruptedBy } from './interrupt.ts'
import { createLog } from './output/log.ts'
import type { Log, LogLevel } from './output/log.ts'
import { createPaint } from './output/paint.ts'
import { jsonForTerminals, onlyStyles } from './output/printable.ts'
import type { StandardOutput } from './output/standard-output.ts'
import { describeTerminal } from './output/terminal.ts'
import { version } from './version.ts'

/** What `run` works with. */
export interface RunDeps {
  readonly host: Host
  readonly stdout: StandardOutput
  readonly stderr: StandardOutput
  /** Aborted by a signal, with an `InterruptedError` as its reason. */
  readonly signal: AbortSignal
}

type RunInvocation = Extract<Invocation, { kind: 'run' }>

/**
 * Runs one command line and answers its exit status (design 9). Never throws: whatever goes wrong becomes one message
 * on standard error and, with `--json`, one object on standard output.
 */
export async function run(deps: RunDeps): Promise<number> {
  const { host, stdout, stderr } = deps
  if (host.argv[0] === ASKING) return await answerShell(deps)
  let invocation: Invocation
  try {
    invocation = parseCommandLine(host.argv, commands)
  } catch (error) {
    return await reportUsage(deps, error)
  }
  const { columns } = describeTerminal(stdout.stream, host.env)
  if (invocation.kind === 'version') {
    await stdout.write(`${version}\n`)
    return ExitCode.done
  }
  if (invocation.kind === 'help') {
    await stdout.write(renderHelp(commands, invocation.topic, columns))
    return ExitCode.done
  }
  if (invocation.kind === 'nothing') {
    if (host.argv.includes('--json')) return await reportUsage(deps, usageError('There is no command.', 'See qdrant-loader --help.'))
    await stderr.write(renderHelp(commands, undefined, columns))
    return ExitCode.usage
  }
  return await runCommand(deps, invocation)
}

/** A shell asks what fits at its cursor. Whatever goes wrong with that is no reason to disturb who is typing. */
async function answerShell({ host, stdout }: RunDeps): Promise<number> {
  const [{ answerText, complete }, { namesForCompletion }] = await Promise.all([import('./command-line/complete.ts'), import('./composition/names-for-completion.ts')])
  const found = await complete(host.argv.slice(1), commands, namesForCompletion(host))
  await stdout.write(onlyStyles(answerText(found)))
  return ExitCode.done
}

async function runCommand(deps: RunDeps, invocation: RunInvocation): Promise<number> {
  const { command } = invocation
  const vault = new SecretVault()
  const context = createContext(deps, invocation, vault)
  const { log } = context
  const stopping = (): void => log.notice('\nStopping after what is in flight; once more to stop at once.\n')
  deps.signal.addEventListener('abort', stopping, { once: true })
  try {
    const execute = await command.load()
    const result: CommandResult = await execute(context)
    if (context.json) await printJson(deps.stdout, vault, { ...result.report })
    return await statusOf(deps, result.exitCode, result.stopped)
  } catch (error) {
    return await reportFailure(deps, context, command, error)
  } finally {
    deps.signal.removeEventListener('abort', stopping)
    log.close()
  }
}

function createContext(deps: RunDeps, invocation: RunInvocation, vault: SecretVault): CommandContext {
  const { host, stdout, stderr, signal } = deps
  const { flags } = invocation
  const json = flags['json'] === true
  const terminal = describeTerminal(stdout.stream, host.env)
  const errorTerminal = describeTerminal(stderr.stream, host.env)
  const log = createLog(
    { vault, writeError: (text) => void stderr.write(text), colour: errorTerminal.colour, now: host.now },
    (flags['log-level'] as LogLevel | undefined) ?? 'info',
  )
  return {
    flags,
    operand: invocation.operand,
    host,
    stdout,
    stderr,
    terminal,
    errorTerminal,
    paint: createPaint(terminal.colour),
    log,
    logger: log.logger,
    vault,
    json,
    print: async (text) => (json ? undefined : await stdout.write(onlyStyles(vault.redact(text)))),
    warn: async (text) => await stderr.write(onlyStyles(vault.redact(text))),
    signal,
  }
}

/** A run that was stopped says so, whatever it managed to finish; only a defect matters more. */
async function statusOf(deps: RunDeps, exitCode: number, stopped = 'Stopped.\n'): Promise<number> {
  const interrupted = interruptedBy(deps.signal)
  if (interrupted === undefined || exitCode === ExitCode.defect) return exitCode
  await deps.stderr.write(stopped)
  return exitCodeOfSignal(interrupted)
}

async function reportFailure(deps: RunDeps, context: CommandContext, command: AnyCommand, error: unknown): Promise<number> {
  const interrupted = interruptedBy(deps.signal)
  const failure = knownFailure(interrupted === undefined ? error : deps.signal.reason)
  if (context.json) {
    const empty = command.emptyReport?.(context.flags) ?? { status: 'failed' }
    await printJson(deps.stdout, context.vault, { ...empty, ...(interrupted !== undefined && { status: 'stopped' }), error: failure })
  }
  if (interrupted !== undefined) return await statusOf(deps, ExitCode.done)
  await writeFailure(deps.stderr, context.vault, context.log, failure, error)
  return exitCodeOfError(failure)
}

async function writeFailure(
  stderr: StandardOutput,
  vault: SecretVault,
  log: Pick<Log, 'level'>,
  failure: ReturnType<typeof knownFailure>,
  error: unknown,
): Promise<void> {
  await stderr.write(vault.redact(renderFailure(failure, log.level === 'debug' ? error : undefined)))
}

/** The command line itself is wrong, so whether JSON was asked for is read from the words. */
async function reportUsage(deps: RunDeps, error: unknown): Promise<number> {
  const failure = knownFailure(error)
  const vault = new SecretVault()
  const { argv } = deps.host
  if (argv.includes('--json')) {
    const command = commands.find(({ name }) => argv.includes(name))
    const flags = { full: argv.includes('--full'), 'dry-run': argv.includes('--dry-run') }
    await printJson(deps.stdout, vault, { ...(command?.emptyReport?.(flags) ?? { status: 'failed' }), error: failure })
  }
  await writeFailure(deps.stderr, vault, { level: 'info' }, failure, error)
  return exitCodeOfError(failure)
}

async function printJson(stdout: StandardOutput, vault: SecretVault, report: object): Promise<void> {
  await stdout.write(`${jsonForTerminals(JSON.stringify(redactValue(vault, report), undefined, 2))}\n`)
}
