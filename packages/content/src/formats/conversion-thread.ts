import { parentPort } from 'node:worker_threads'

import type { Conversion } from './format.ts'
import { FORMATS, type FormatName } from './formats.ts'
import type { IncludeAnswer, ThreadJob, ThreadMessage } from './thread-messages.ts'

const port = parentPort
if (port === null) throw new Error('conversion-thread is started as a thread')

const answers = new Map<number, (text: string | undefined) => void>()
let lastAsked = 0

function say(message: ThreadMessage): void {
  port?.postMessage(message)
}

async function convert({ text, conversion, includes }: ThreadJob): Promise<void> {
  const include = (path: string): Promise<string | undefined> => {
    const asked = ++lastAsked
    say({ asked, path })
    return new Promise((resolve) => answers.set(asked, resolve))
  }
  const whole: Conversion = { ...conversion, ...(includes && { include }) }
  try {
    const converter = await FORMATS[conversion.file.name as FormatName].load()
    say({ converted: await converter(text, whole) })
  } catch (error) {
    say({ failed: error instanceof Error ? error.message : String(error) })
  }
}

port.on('message', (message: ThreadJob | IncludeAnswer) => {
  if (!('asked' in message)) void convert(message)
  else {
    answers.get(message.asked)?.(message.text)
    answers.delete(message.asked)
  }
})
