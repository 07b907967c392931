import { appendFileSync, closeSync, openSync } from 'node:fs'
import path from 'node:path'
import type { Logger } from '@qdrant-loader/connector-sdk'
import { makePrivateFile, makePrivateFolder } from '@qdrant-loader/core/files'
import { redactValue } from '@qdrant-loader/core/secrets'
import type { SecretVault } from '@qdrant-loader/core/secrets'
import { cliError } from '../codes.ts'
import { formatLogLine, logLineAsJson } from './format-log-line.ts'
import type { LogRecord } from './format-log-line.ts'
import { createPaint } from './paint.ts'

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

/** A log that writes text to standard error until it is configured. */
export function createLog(deps: LogDeps, initial: LogLevel): Log {
  let settings: LogSettings = { level: initial, format: 'text', file: undefined }
  let diverted: ((line: string) => void) | undefined
  let reporting = false
  let errorsShown = false
  let file: number | undefined
  const colourful = createPaint(deps.colour)
  const plain = createPaint(false)

  /** Asked before a record is made: most runs only print their result. */
  function isWanted(level: LogLevel): boolean {
    if (RANK[level] < RANK[settings.level]) return false
    if (file !== undefined || settings.format === 'json') return true
    if (settings.quiet === true && RANK[level] < RANK.warn && !reporting) return false
    return level !== 'error' || errorsShown || settings.level === 'debug'
  }

  function write(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (!isWanted(level)) return
    const time = new Date(deps.now()).toISOString()
    const record: LogRecord = { level, time, ...(redactValue(deps.vault, fields) as object), msg: deps.vault.redact(message) }
    const line = settings.format === 'json' ? logLineAsJson(record) : formatLogLine(record, file === undefined ? colourful : plain)
    if (file === undefined) show(line)
    else append(file, line)
  }

  function show(line: string): void {
    if (diverted === undefined) deps.writeError(line)
    else diverted(line)
  }

  /** A disk that is full ends the file, not the run. */
  function append(to: number, line: string): void {
    try {
      appendFileSync(to, line)
    } catch (error) {
      close()
      deps.writeError(deps.vault.redact(`The log file ${settings.file ?? ''} is no longer written: ${(error as Error).message}\n`))
    }
  }

  function openFile(location: string): number {
    try {
      makePrivateFolder(path.dirname(location))
      makePrivateFile(location)
      return openSync(location, 'a')
    } catch (error) {
      throw cliError('log_file_unusable', { file: location, reason: (error as Error).message }, { cause: error })
    }
  }

  function close(): void {
    if (file !== undefined) closeSync(file)
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
