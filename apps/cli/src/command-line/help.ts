import type { AnyCommand, FlagSpec, FlagSpecs } from './command-spec.ts'

const PURPOSE = 'qdrant-loader keeps a Qdrant collection equal to Git, Confluence, Jira and documentation sites.'

/** Help for the program, a group (`config`) or a command, wrapped to `width` columns. Ends with a line break. */
export function renderHelp(commands: readonly AnyCommand[], topic: string | undefined, width: number): string {
  const exact = commands.find((command) => command.name === topic)
  const lines = exact === undefined ? overview(commands, topic, width) : details(exact, width)
  return `${lines.join('\n')}\n`
}

function overview(commands: readonly AnyCommand[], group: string | undefined, width: number): string[] {
  const shown = commands.filter((command) => group === undefined || command.name.startsWith(`${group} `))
  const rows = shown.map((command) => [[command.name, command.operand].filter(Boolean).join(' '), command.summary] as const)
  return [
    ...(group === undefined ? [...wrap(PURPOSE, '', width), ''] : []),
    `Usage: qdrant-loader ${group === undefined ? '' : `${group} `}COMMAND [FLAGS]`,
    '',
    'Commands:',
    ...columns(rows, width),
    '',
    ...wrap("'qdrant-loader COMMAND --help' explains a command; --version prints the version.", '', width),
  ]
}

function details(command: AnyCommand, width: number): string[] {
  const specs: FlagSpecs = command.flags
  const rows = Object.entries(specs).map(([name, spec]) => [`--${name}${valueOf(spec)}`, spec.describe] as const)
  return [
    ...wrap(command.summary, '', width),
    '',
    `Usage: qdrant-loader ${[command.name, command.operand, '[FLAGS]'].filter(Boolean).join(' ')}`,
    '',
    'Flags:',
    ...columns([...rows, ['--help', 'Print this.']], width),
  ]
}

function valueOf(spec: FlagSpec): string {
  if (spec.type === 'boolean') return ''
  return ` ${spec.type === 'choice' ? spec.choices.join('|') : spec.value}`
}

/** Two columns; what is too wide for the first goes on a line of its own. */
function columns(rows: readonly (readonly [string, string])[], width: number): string[] {
  const widest = Math.max(...rows.map(([name]) => name.length).filter((length) => length <= 24), 0)
  const indent = ' '.repeat(widest + 4)
  return rows.flatMap(([name, text]) => {
    const body = wrap(text, indent, width)
    if (name.length > widest) return [`  ${name}`, ...body]
    return [`  ${name.padEnd(widest)}  ${(body[0] ?? '').trimStart()}`, ...body.slice(1)]
  })
}

/** Help is plain ASCII, so a character is a column. */
function wrap(text: string, indent: string, width: number): string[] {
  const room = Math.max(20, Math.min(width, 100) - indent.length)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(indent + line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, indent + line]
}
