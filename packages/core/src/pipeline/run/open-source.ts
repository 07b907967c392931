import type { ConnectorPlugin, Json, OpenedSource } from '@qdrant-loader/connector-sdk'
import type { Pulse } from '../../performance/pulse.ts'
import type { RunCounters } from '../../state/records.ts'
import type { RunDependencies } from '../context/run-dependencies.ts'
import { connectorContext, type SourceJob } from '../context/source-job.ts'
import type { RunOptions } from './run-options.ts'

/** Has the connector open the source, with what it may use of the host. */
export async function openSource(
  job: SourceJob,
  deps: RunDependencies,
  run: Pick<RunOptions, 'runId' | 'dryRun'> & { readonly counters: RunCounters; readonly pulse: Pulse },
): Promise<OpenedSource<Json>> {
  // The host knows a cursor only as JSON; the connector's own schema has read it before it gets here.
  const plugin = job.plugin as ConnectorPlugin<unknown, Json>
  return plugin.open(
    job.config,
    connectorContext(
      job,
      {
        run: run.runId,
        dryRun: run.dryRun,
        logger: deps.logger,
        redact: deps.redact,
        count: (kind, requests = 1) => {
          run.counters.requests[kind] += requests
        },
        progress: (text) => deps.onProgress({ type: 'activity', ref: job.ref, text }),
        now: deps.now,
        retry: deps.settings.retry,
      },
      run.pulse,
    ),
  )
}
