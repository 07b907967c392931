/** What can be shown on a stream. */
export interface Terminal {
  /** A person watches it, so lines may be redrawn. */
  readonly interactive: boolean
  /** Columns that text may take; 80 where nobody knows. */
  readonly columns: number
  readonly colour: boolean
}

/**
 * Facts of a stream. Colour only on a terminal, and not with `NO_COLOR` (https://no-color.org) or `TERM=dumb`.
 * Continuous integration counts as not interactive even where it offers a terminal, as its log keeps every redraw.
 */
export function describeTerminal(stream: { readonly isTTY?: boolean; readonly columns?: number }, env: NodeJS.ProcessEnv): Terminal {
  const isTerminal = stream.isTTY === true
  const dumb = env['TERM'] === 'dumb'
  const ci = (env['CI'] ?? '') !== '' && env['CI'] !== 'false'
  return {
    interactive: isTerminal && !dumb && !ci,
    columns: stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80,
    colour: isTerminal && !dumb && (env['NO_COLOR'] ?? '') === '',
  }
}
