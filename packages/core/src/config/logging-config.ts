import { z } from 'zod'

/** `global.logging`: what is logged, and where to. */
export const LoggingConfig = z.strictObject({
  level: z.enum(['debug', 'info', 'warn', 'error']).describe('The least severe level that is logged.').default('info'),
  format: z
    .enum(['text', 'json'])
    .describe('`text` for people, `json` for one JSON object a line.')
    .default('text'),
  file: z
    .string()
    .min(1)
    .describe('File to append the log to, relative to the configuration file. Default: standard error.')
    .optional(),
})
export type LoggingConfig = z.output<typeof LoggingConfig>
