import { styleText } from 'node:util'

/** The few styles that this program uses; what each means is the same everywhere. */
export interface Paint {
  readonly good: (text: string) => string
  readonly warning: (text: string) => string
  readonly bad: (text: string) => string
  readonly faint: (text: string) => string
  readonly strong: (text: string) => string
}

/** Styles, or the text as it is where there is no colour. */
export function createPaint(colour: boolean): Paint {
  const style = (format: 'green' | 'yellow' | 'red' | 'dim' | 'bold') => (text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text
  return { good: style('green'), warning: style('yellow'), bad: style('red'), faint: style('dim'), strong: style('bold') }
}
