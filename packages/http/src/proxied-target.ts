import { abortableSleep } from '@qdrant-loader/connector-sdk'
import ipaddr from 'ipaddr.js'
import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { AddressRefused, isPublicAddress, publicLookup } from './address-guard.ts'

/** Names that mean this machine or this network, wherever they are asked for. */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|localdomain|home\.arpa)$/

/** Where names are answered by a proxy alone, the look-up here may never end. */
const LOOKUP_MS = 2_000

/**
 * Refuses what must not be asked for through a proxy under `network: 'public'`: private addresses, local names, and
 * names that lead to private addresses only, as far as this machine can tell. The connection itself is the proxy's: a
 * name that only the proxy can resolve is left to it.
 *
 * @throws AddressRefused
 */
export async function checkProxiedTarget(url: URL, lookup: LookupFunction = systemLookup as LookupFunction): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (ipaddr.isValid(host) ? !isPublicAddress(host) : LOCAL_NAME.test(host)) throw new AddressRefused(host)
  if (ipaddr.isValid(host)) return
  const looked = Promise.withResolvers<void>()
  publicLookup(lookup)(host, { all: true }, (error) => {
    if (error instanceof AddressRefused) looked.reject(error)
    else looked.resolve()
  })
  const over = new AbortController()
  try {
    await Promise.race([looked.promise, abortableSleep(LOOKUP_MS, over.signal)])
  } finally {
    over.abort()
  }
}
