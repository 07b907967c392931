/** The first word of a command line by which a shell asks what fits at its cursor; the others are those up to there. */
export const ASKING = '--get-yargs-completions'

/** The answer where the names of files fit. */
export const FILES = ':files'
