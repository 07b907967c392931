import { createInterface } from 'node:readline/promises'

/** Asks the person at the terminal one question and answers what they typed; empty when they closed the input. */
export async function ask(question: string, signal: AbortSignal): Promise<string> {
  // Without readline's own terminal mode, Ctrl-C stays a signal of this process.
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  try {
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
    return await Promise.race([terminal.question(question, { signal }), closed])
  } finally {
    terminal.close()
    // What is left open would keep the process alive.
    process.stdin.pause()
  }
}
