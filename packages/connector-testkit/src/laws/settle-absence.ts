import type { Stage } from '../stage.ts'

/** Where detections do not report deletions by themselves: without a judgement, absence counts when a second listing confirms it. */
export async function settleAbsence({ host, plugin }: Stage): Promise<void> {
  if (plugin.capabilities.reportsDeletions) return
  await host.sync({ listingDue: true })
  await host.sync({ listingDue: true })
}
