import { createRequire } from 'node:module'
import path from 'node:path'
import { LoaderError } from '@qdrant-loader/connector-sdk'
import type { Logger } from '@qdrant-loader/connector-sdk'
import { makePrivateFile, makePrivateFolder } from '@qdrant-loader/core/private-files'
import type { SecretVault } from '@qdrant-loader/core/secret-vault'
import type pino from 'pino'
import { formatLogLine } from './format-log-line.ts'
import { createPaint } from './paint.ts'
import { jsonForTerminals } from './printable.ts'
import { redactValue } from './redact-value.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

/** How records are written. */
export interface LogSettings {
  readonly level: LogLevel
  readonly format: 'text' | 'json'
  /** Absolute path: records are appended to it, and no longer go to standard error. */
  readonly file: string | undefined
  /** A command that prints what it did: of the text for people, standard error gets warnings and errors only. */
  readonly quiet?: boolean
}

/** The log of this process. Everything that goes through it is redacted. */
export interface Log {
  readonly logger: Logger
  readonly level: LogLevel
  /** From now on as the configuration says. @throws LoaderError `log_file_unusable`. */
  configure(settings: LogSettings): void
  /**
   * Whether errors go to standard error as they happen. Off at first: a command prints the errors that end it once,
   * with what to do. A file, the JSON format and the level `debug` always have them.
   */
  showErrors(show: boolean): void
  /** A record of level `info` that is shown where others of its level are not, for progress. */
  readonly report: Logger['info']
  /** A line of text for whoever watches standard error; no record. */
  notice(line: string): void
  /** Where lines for standard error go meanwhile, so that a live display can step aside; undefined: straight there. */
  divert(writeLine: ((line: string) => void) | undefined): void
  close(): void
}

/** What the log needs of its surroundings. */
export interface LogDeps {
  readonly vault: Pick<SecretVault, 'redact'>
  readonly writeError: (text: string) => void
  readonly colour: boolean
  readonly now: () => number
}

/** A log that writes text to standard error until it is configured. Pino is loaded with the first record that counts. */
export function createLog(deps: LogDeps, initial: LogLevel): Log {
  let settings: LogSettings = { level: initial, format: 'text', file: undefined }
  let diverted: ((line: string) => void) | undefined
  let reporting = false
  let errorsShown = false
  let sink: pino.Logger | undefined
  let file: pino.DestinationStream & { end?: () => void; on?: (event: 'error', listener: (error: Error) => void) => void } | undefined
  const colourful = createPaint(deps.colour)
  const plain = createPaint(false)

  function writeLine(json: string): void {
    if (file !== undefined) {
      file.write(settings.format === 'json' ? jsonForTerminals(json) : formatLogLine(json, plain))
      return
    }
    const level = (JSON.parse(json) as { level: LogLevel }).level
    if (settings.quiet === true && settings.format === 'text' && RANK[level] < RANK.warn && !reporting) return
    if (level === 'error' && !errorsShown && settings.format === 'text' && settings.level !== 'debug') return
    const line = settings.format === 'json' ? jsonForTerminals(json) : formatLogLine(json, colourful)
    show(line)
  }

  function show(line: string): void {
    if (diverted === undefined) deps.writeError(line)
    else diverted(line)
  }

  function open(): pino.Logger {
    const load = createRequire(import.meta.url)('pino') as typeof pino
    const options: pino.LoggerOptions = {
      level: 'debug',
      base: null,
      timestamp: () => `,"time":"${new Date(deps.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    }
    return load(options, { write: writeLine })
  }

  function write(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (RANK[level] < RANK[settings.level]) return
    sink ??= open()
    sink[level](redactValue(deps.vault, fields) as object, deps.vault.redact(message))
  }

  function openFile(location: string): NonNullable<typeof file> {
    try {
      makePrivateFolder(path.dirname(location))
      makePrivateFile(location)
      const load = createRequire(import.meta.url)('pino') as typeof pino
      const opened = load.destination({ dest: location, append: true, sync: true })
      opened.on('error', (error: Error) => {
        file = undefined
        deps.writeError(deps.vault.redact(`The log file ${location} is no longer written: ${error.message}\n`))
      })
      return opened
    } catch (error) {
      throw new LoaderError({
        code: 'log_file_unusable',
        kind: 'config',
        message: `The log file ${location} cannot be written: ${(error as Error).message}`,
        hint: 'Set global.logging.file to a path that can be written, or leave it out.',
        cause: error,
      })
    }
  }

  function close(): void {
    file?.end?.()
    file = undefined
  }

  return {
    logger: {
      debug: (message, fields) => write('debug', message, fields),
      info: (message, fields) => write('info', message, fields),
      warn: (message, fields) => write('warn', message, fields),
      error: (message, fields) => write('error', message, fields),
    },
    get level() {
      return settings.level
    },
    configure(next) {
      close()
      settings = next
      if (next.file !== undefined) file = openFile(next.file)
    },
    showErrors(show) {
      errorsShown = show
    },
    report(message, fields) {
      reporting = true
      write('info', message, fields)
      reporting = false
    },
    notice: (line) => show(deps.vault.redact(line)),
    divert(to) {
      diverted = to
    },
    close,
  }
}
