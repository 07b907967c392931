import type { ConnectorContext, ConnectorPlugin } from '@qdrant-loader/connector-sdk'

/**
 * The connector, which calls `watch` before the first text of others can keep JavaScript busy: with its second request,
 * or when it reads content. A run that asks once and finds nothing to do never needs the thread that watches signals.
 */
export function watchedConnector(connector: ConnectorPlugin, watch: () => void): ConnectorPlugin {
  const open: ConnectorPlugin['open'] = (config, context) => {
    let asked = 0
    const count: ConnectorContext['count'] = (kind, requests = 1) => {
      asked += requests
      if (kind === 'content' || asked > 1) watch()
      context.count(kind, requests)
    }
    return connector.open(config, { ...context, count })
  }
  return Object.create(connector, { open: { value: open, enumerable: true } }) as ConnectorPlugin
}
