const SHARE = /^(?:remote: )?([A-Za-z][A-Za-z ]*?):\s+(\d+)% \(\d+\/\d+\)(?:, ([\d.]+ [KMGT]?i?B|[\d.]+ bytes))?/
const COUNT = /^(?:remote: )?([A-Za-z][A-Za-z ]*?):\s+(\d+)(?:, done\.)?/

/** What git calls its phases, in words for somebody who waits. */
const WORDS: Readonly<Record<string, string>> = {
  'Enumerating objects': 'the server is counting',
  'Counting objects': 'the server is counting',
  'Finding sources': 'the server is packing',
  'Compressing objects': 'the server is packing',
  'Receiving objects': 'receiving',
  'Resolving deltas': 'unpacking',
  'Checking connectivity': 'checking',
}

/** A line of git's progress as a person reads it (`receiving 45 %, 1.2 MiB`); undefined for what says nothing. */
export function readProgress(line: string): string | undefined {
  const [, phase = '', percent, size] = SHARE.exec(line) ?? []
  if (percent !== undefined) {
    const words = WORDS[phase] ?? phase.toLowerCase()
    return `${words} ${percent} %${size === undefined ? '' : `, ${size}`}`
  }
  const [, counted = '', count] = COUNT.exec(line) ?? []
  return count === undefined ? undefined : `${WORDS[counted] ?? counted.toLowerCase()} (${Number(count).toLocaleString('en')})`
}
