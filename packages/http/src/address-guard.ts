import ipaddr from 'ipaddr.js'
import { lookup as systemLookup } from 'node:dns'
import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { buildConnector as Connecting } from 'undici'
import { buildConnector } from './undici.ts'

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
  const bare = address.replace(/^\[|\]$/g, '').split('%', 1)[0] ?? ''
  if (!ipaddr.isValid(bare)) return false
  const parsed = ipaddr.parse(bare)
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast' && parsed.toString() !== AZURE_PLATFORM
  const ipv6 = parsed as ipaddr.IPv6
  if (!carriedIPv4(ipv6).every(isPublicAddress)) return false
  // Only 2000::/3 is given out as public; what is outside of it is public at most by the IPv4 address it carries.
  const given = ipv6.match(GLOBAL_UNICAST) && ['unicast', '6to4'].includes(ipv6.range())
  return given || TRANSLATED.some((range) => ipv6.match(range))
}

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')
/** IPv4-mapped, and the NAT64 prefix that everybody shares. The one for local use (`64:ff9b:1::/48`) is local. */
const TRANSLATED = ['::ffff:0:0/96', '64:ff9b::/96'].map((range) => ipaddr.IPv6.parseCIDR(range))
/** Before the IPv4 address in the interface part of an ISATAP address, with either value of its universal bit. */
const ISATAP = new Set(['0,0,94,254', '2,0,94,254'])

/** The IPv4 addresses that a packet may end at: mapped, compatible, translated (NAT64, SIIT), 6to4 or ISATAP. */
function carriedIPv4(address: ipaddr.IPv6): readonly string[] {
  const bytes = address.toByteArray()
  const last = bytes.slice(12).join('.')
  const inInterface = ISATAP.has(bytes.slice(8, 12).join()) || !address.match(GLOBAL_UNICAST) ? [last] : []
  return address.range() === '6to4' ? [bytes.slice(2, 6).join('.'), ...inInterface] : inInterface
}

/**
 * A connector for undici that opens connections to public addresses only. The name is resolved once, and the
 * connection goes to the addresses that were checked, so a name that changes its mind in between (DNS rebinding)
 * gains nothing. Names and addresses written in other ways (decimal, octal, hexadecimal) are normal ones by now:
 * the URL parser rewrites them.
 */
export function publicConnector(timeoutMs: number, lookup: LookupFunction = systemLookup as LookupFunction): Connecting.connector {
  const connect = buildConnector({ timeout: timeoutMs, lookup: publicLookup(lookup) } as Connecting.BuildOptions)
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
