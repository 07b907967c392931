import type { ProxySettings } from '@qdrant-loader/connector-sdk'
import ipaddr from 'ipaddr.js'
import { httpError } from './codes.ts'

/**
 * The proxy for an address; undefined when it is asked directly. As curl and git do: nothing is asked directly unless
 * `NO_PROXY` says so, this machine neither.
 *
 * @throws LoaderError `http_proxy_invalid`, of kind `config`
 */
export function proxyFor(url: URL, settings: ProxySettings | undefined): URL | undefined {
  const configured = url.protocol === 'https:' ? settings?.https : settings?.http
  if (configured === undefined || configured.trim() === '' || isDirect(url, settings?.no ?? '')) return undefined
  const text = configured.includes('://') ? configured.trim() : `http://${configured.trim()}`
  const proxy = URL.canParse(text) ? new URL(text) : undefined
  if (proxy !== undefined && (proxy.protocol === 'http:' || proxy.protocol === 'https:')) return proxy
  const variable = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  throw httpError('http_proxy_invalid', { variable })
}

function isDirect(url: URL, no: string): boolean {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return no
    .toLowerCase()
    .split(/[,\s]/)
    .some((entry) => entry !== '' && matches(entry, host, port))
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  const { name, ofPort } = partsOf(entry)
  if (ofPort !== undefined && ofPort !== port) return false
  if (ipaddr.isValidCIDR(name)) {
    const [range, bits] = ipaddr.parseCIDR(name)
    const address = ipaddr.isValid(host) ? ipaddr.process(host) : undefined
    return address !== undefined && address.kind() === range.kind() && address.match(range, bits)
  }
  if (ipaddr.isValid(name)) return ipaddr.isValid(host) && ipaddr.process(host).toNormalizedString() === ipaddr.process(name).toNormalizedString()
  const domain = name.replace(/^\*?\./, '').replace(/\.$/, '')
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`))
}

/** `host`, `host:port`, `[::1]:port`; a colon inside of a bare IPv6 address is no port. */
function partsOf(entry: string): { readonly name: string; readonly ofPort?: string } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry)
  if (bracketed) return { name: bracketed[1] ?? '', ...(bracketed[2] !== undefined && { ofPort: bracketed[2] }) }
  const colon = entry.indexOf(':')
  if (colon === -1 || entry.includes(':', colon + 1)) return { name: entry }
  return { name: entry.slice(0, colon), ofPort: entry.slice(colon + 1) }
}
