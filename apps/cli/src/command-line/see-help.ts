/** Where a command is explained; without one, the program. */
export function seeHelp(command: string | undefined): string {
  return `See qdrant-loader ${command === undefined ? '' : `${command} `}--help.`
}

/** What was probably meant, as it is written, and where to look. */
export function didYouMean(candidate: string | undefined, command: string | undefined): string {
  return candidate === undefined ? seeHelp(command) : `Did you mean ${candidate}? ${seeHelp(command)}`
}
