import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

import { Semaphore, type SkipReason } from '@qdrant-loader/connector-sdk'

import { contentError } from '../codes.ts'
import type { Conversion, ConvertedText } from './format.ts'
import type { ThreadJob, ThreadMessage } from './thread-messages.ts'

/** What one conversion may use. */
export interface ThreadLimits {
  readonly seconds: number
  /** Of the thread's heap. */
  readonly megabytes: number
}

type Outcome = ConvertedText | { readonly skipped: SkipReason }

const MOST_THREADS = Math.max(1, Math.min(2, availableParallelism() - 1))
const free = new Semaphore(MOST_THREADS)
/** Threads that wait for work, with the memory that each may have. They do not keep the process alive. */
const idle: { readonly worker: Worker; readonly megabytes: number }[] = []

/**
 * Converts a text in a thread, one text a thread, which ends with the thread when it needs too much time or memory: no
 * text can stop the others. Threads are started with the first text and stay for the next.
 *
 * @throws LoaderError `content_too_slow`, `content_too_large` or `content_unreadable`, about this document alone;
 *   the reason of the signal
 */
export async function convertInThread(text: string, conversion: Conversion, limits: ThreadLimits): Promise<Outcome> {
  return free.run(() => convert(text, conversion, limits), conversion.signal)
}

async function convert(text: string, conversion: Conversion, limits: ThreadLimits): Promise<Outcome> {
  const { include, signal = new AbortController().signal, ...rest } = conversion
  signal.throwIfAborted()
  const about = { name: conversion.name ?? 'a document', format: conversion.file.name }
  const worker = takeIdle(limits) ?? start(limits)
  const done = Promise.withResolvers<Outcome>()
  const onMessage = (message: ThreadMessage): void => {
    if ('converted' in message) done.resolve(message.converted)
    else if ('failed' in message) done.reject(contentError('content_unreadable', { ...about, reason: message.failed }))
    else void answer(worker, message.asked, message.path, include, signal).catch(done.reject)
  }
  const onError = (error: Error & { readonly code?: string }): void =>
    done.reject(
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? contentError('content_too_large', { ...about, megabytes: limits.megabytes })
        : contentError('content_unreadable', { ...about, reason: error.message }, { cause: error }),
    )
  const onAbort = (): void => done.reject(signal.reason as Error)
  const timer = setTimeout(() => done.reject(contentError('content_too_slow', { ...about, seconds: limits.seconds })), limits.seconds * 1_000)
  worker.on('message', onMessage).on('error', onError)
  signal.addEventListener('abort', onAbort)
  worker.ref()
  let isSound = false
  try {
    worker.postMessage({ text, conversion: rest, includes: include !== undefined } satisfies ThreadJob)
    const outcome = await done.promise
    isSound = true
    return outcome
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    worker.off('message', onMessage).off('error', onError)
    if (isSound) {
      worker.unref()
      idle.push({ worker, megabytes: limits.megabytes })
    } else {
      // Its last words are about a text that was given up.
      worker.on('error', () => undefined)
      await worker.terminate()
    }
  }
}

async function answer(worker: Worker, asked: number, path: string, include: Conversion['include'], signal: AbortSignal): Promise<void> {
  const text = await include?.(path, signal)
  worker.postMessage({ asked, text })
}

/** A thread with the same limits, if one waits. One with others makes room for it. */
function takeIdle({ megabytes }: ThreadLimits): Worker | undefined {
  const at = idle.findIndex((thread) => thread.megabytes === megabytes)
  const [thread] = idle.splice(Math.max(0, at), 1)
  if (at !== -1 || thread === undefined) return thread?.worker
  void thread.worker.terminate()
  return undefined
}

function start({ megabytes }: ThreadLimits): Worker {
  const file = import.meta.url.endsWith('.ts') ? './conversion-thread.ts' : './conversion-thread.js'
  return new Worker(new URL(file, import.meta.url), { execArgv: import.meta.url.endsWith('.ts') ? ['--conditions=@qdrant-loader/source'] : [], resourceLimits: { maxOldGenerationSizeMb: megabytes } })
}
