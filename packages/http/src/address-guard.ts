import ipaddr from 'ipaddr.js'
import { lookup as systemLookup } from 'node:dns'
import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { buildConnector } from 'undici'

/** Thrown while connecting, inside the HTTP library; the client turns it into `http_address_refused`. */
export class AddressRefused extends Error {
  readonly host: string

  constructor(host: string) {
    super(`no public address: ${host}`)
    this.name = 'AddressRefused'
    this.host = host
  }
}

/** Reached from inside Azure only, where it serves the machine's settings, though its range is public. */
const AZURE_PLATFORM = '168.63.129.16'

/**
 * True for an address of the public internet. Private, loopback, link-local, shared (RFC 6598), multicast,
 * documentation and reserved ranges are not; an IPv6 address that carries an IPv4 one counts as that.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (!ipaddr.isValid(bare)) return false
  const parsed = ipaddr.parse(bare)
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast' && parsed.toString() !== AZURE_PLATFORM
  const carried = carriedIPv4(parsed as ipaddr.IPv6)
  if (carried !== undefined) return isPublicAddress(carried)
  return parsed.range() === 'unicast'
}

/** The IPv4 address inside an IPv4-mapped, IPv4-compatible, NAT64 or 6to4 address. */
function carriedIPv4(address: ipaddr.IPv6): string | undefined {
  const bytes = address.toByteArray()
  const range = address.range()
  if (range === 'ipv4Mapped' || range === 'rfc6145' || range === 'rfc6052') return bytes.slice(12).join('.')
  if (range === '6to4') return bytes.slice(2, 6).join('.')
  return undefined
}

/**
 * A connector for undici that opens connections to public addresses only. The name is resolved once, and the
 * connection goes to the addresses that were checked, so a name that changes its mind in between (DNS rebinding)
 * gains nothing. Names and addresses written in other ways (decimal, octal, hexadecimal) are normal ones by now:
 * the URL parser rewrites them.
 */
export function publicConnector(timeoutMs: number, lookup: LookupFunction = systemLookup as LookupFunction): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, lookup: publicLookup(lookup) } as buildConnector.BuildOptions)
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    // Node asks no look-up function about an address, so it is checked here.
    if (ipaddr.isValid(host) && !isPublicAddress(host)) callback(new AddressRefused(host), null)
    else connect(options, callback)
  }
}

/** A look-up that passes on public addresses only, and fails with {@link AddressRefused} when there is none. */
export function publicLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0)
      const addresses = (found as unknown as LookupAddress[]).filter((entry) => isPublicAddress(entry.address))
      const [first] = addresses
      if (first === undefined) return callback(new AddressRefused(hostname), '', 0)
      if (options.all === true) return callback(null, addresses)
      return callback(null, first.address, first.family)
    })
  }
}
