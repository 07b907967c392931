import type { StoredPoint } from '@qdrant-loader/core/store'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { exportFlags } from '../command-line/flags.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { createStore } from '../composition/create-store.ts'
import { pointFilter } from '../composition/point-filter.ts'
import { ExitCode } from '../failure/exit-code.ts'
import { jsonForTerminals } from '../output/printable.ts'

/** Lines are handed over in pieces of about so many characters. */
const PIECE = 64 * 1_024

/**
 * Prints every point as a line of JSON, sorted by id. Lines go out as the reader takes them, so memory stays bounded;
 * a reader that leaves (`| head`) ends it without an error.
 */
export async function exportPoints(context: CommandContext<FlagValues<typeof exportFlags>>): Promise<CommandResult> {
  const { flags, stdout, logger } = context
  const settings = await loadConfiguration(context, { connectors: false })
  const filter = pointFilter(flags)
  const store = createStore(settings, context)
  try {
    const signal = AbortSignal.any([context.signal, stdout.readerLeft])
    if ((await store.peek(signal)) === undefined) {
      logger.warn('there is no collection yet, so there is nothing to export', { store: store.location })
      return { exitCode: ExitCode.done }
    }
    let piece = ''
    for await (const point of store.scroll(filter, { vector: !flags['no-vectors'], payload: true }, signal)) {
      piece += `${lineOf(point)}\n`
      if (piece.length < PIECE) continue
      await stdout.write(piece)
      piece = ''
    }
    await stdout.write(piece)
  } catch (error) {
    if (!stdout.readerLeft.aborted) throw error
  } finally {
    await store.close()
  }
  return { exitCode: ExitCode.done }
}

function lineOf({ id, payload, vector }: StoredPoint): string {
  return jsonForTerminals(JSON.stringify({ id, payload, ...(vector === undefined ? {} : { vector: [...vector] }) }))
}
