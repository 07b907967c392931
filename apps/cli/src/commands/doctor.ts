import type { Settings } from '@qdrant-loader/core/config'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { reportFlags } from '../command-line/flags.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { selectSources } from '../composition/select-sources.ts'
import { checkEmbedder, checkSource, checkState, checkStore } from '../doctor/checks.ts'
import { ExitCode, exitCodeOfError, worstExitCode } from '../failure/exit-code.ts'
import { knownFailure } from '../failure/known-failure.ts'
import type { KnownFailure } from '../failure/known-failure.ts'
import { printableLines } from '../output/printable.ts'
import { sourceLabel } from '../progress/source-label.ts'

type DoctorContext = CommandContext<FlagValues<typeof reportFlags>>

/** What one check found out. */
interface Finding {
  readonly check: string
  readonly status: 'ok' | 'failed'
  /** What was seen, in one line. */
  readonly detail: string
  readonly error: KnownFailure | null
}

/** Checks everything that a sync needs, and changes nothing. Its exit status is that of the worst finding. */
export async function doctor(context: DoctorContext): Promise<CommandResult> {
  const findings: Finding[] = []
  const examine = async (check: string, look: () => Promise<string>): Promise<void> => {
    const finding = await examined(check, look, context)
    findings.push(finding)
    await context.print(render(finding, context))
  }

  let settings: Settings | undefined
  await examine('configuration', async () => {
    settings = await loadConfiguration(context, { connectors: true })
    return settings.file
  })
  if (settings !== undefined) {
    const found = settings
    const sources = selectSources(found, context.flags)
    await examine('state', () => checkState(found, context))
    await examine('store', () => checkStore(found, context))
    await examine('embedder', () => checkEmbedder(found, context))
    for (const source of sources) await examine(sourceLabel(source), () => checkSource(found, source, context))
    if (sources.length === 0) await context.print('No source is configured.\n')
  }

  const exitCode = worstExitCode(findings.map(({ error }) => (error === null ? ExitCode.done : exitCodeOfError(error))))
  await context.print(exitCode === ExitCode.done ? '\nEverything is in order.\n' : '\nSomething needs attention.\n')
  return { exitCode, report: { status: exitCode === ExitCode.done ? 'succeeded' : 'failed', checks: findings } }
}

async function examined(check: string, look: () => Promise<string>, context: DoctorContext): Promise<Finding> {
  try {
    return { check, status: 'ok', detail: await look(), error: null }
  } catch (error) {
    context.signal.throwIfAborted()
    const failure = knownFailure(error)
    context.logger.debug('a check failed', { check, error })
    return { check, status: 'failed', detail: failure.message, error: failure }
  }
}

function render({ check, status, detail, error }: Finding, { paint }: DoctorContext): string {
  const mark = status === 'ok' ? paint.good('ok    ') : paint.bad('failed')
  const advice = error === null ? '' : `        To fix it: ${printableLines(error.hint)}\n`
  return `${mark}  ${paint.strong(check)}: ${printableLines(detail).replaceAll('\n', '\n        ')}\n${advice}`
}
