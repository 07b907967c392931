import { z } from 'zod'
import { duration } from './duration.ts'

const MetricsConfig = z.strictObject({
  enabled: z.boolean().describe('Whether samples of rates and durations are kept in the state database.').default(true),
  interval: duration({
    minimum: '100ms',
    maximum: '24h',
    description: 'Time between two samples of a run; one more is taken at its end.',
  }).prefault('60s'),
  retention: duration({
    minimum: '1s',
    maximum: '3650d',
    description: 'How long samples are kept.',
  }).prefault('24h'),
})

/** `global.monitoring`: what is measured. */
export const MonitoringConfig = z.strictObject({ metrics: MetricsConfig.prefault({}) })
export type MonitoringConfig = z.output<typeof MonitoringConfig>
