import type { LookupFunction } from 'node:net'
import { describe, expect, test } from 'vitest'
import { isPublicAddress, publicLookup } from '../src/address-guard.ts'
import { errorOf, serve, signal, TestClient } from './loopback.ts'

describe('an address', () => {
  test.each([
    '127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255',
    '192.0.2.1', '198.18.0.1', '240.0.0.1', '168.63.129.16', '::1', '::', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fec0::1', 'ff02::1', '2001:db8::1',
    '::ffff:127.0.0.1', '::ffff:a00:1', '::127.0.0.1', '::ffff:0:10.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::a', '2002:7f00:1::', '2001::1', '[::1]', 'example.com', '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  test.each(['93.184.216.34', '1.1.1.1', '2606:4700::1111', '::ffff:93.184.216.34', '64:ff9b::5db8:d822', '2002:5db8:d822::'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })
})

describe('H7: an IPv6 address that leads to a private IPv4 one', () => {
  test.each([
    '::7f00:1', '::a00:1', '::a9fe:a9fe', '::5db8:d822', '64:ff9b::a00:1', '64:ff9b:1::5db8:d822', '64:ff9b:1:a00:1::', '2002:a9fe:a9fe::1',
    '2001:470::5efe:7f00:1', '2001:470::200:5efe:a00:1', '2002:5db8:d822::5efe:7f00:1', '2001:0:5db8:d822::1', '0:0:0:1::1', '4000::1', '5f00::1', '3fff::1',
    '::ffff:0:5db8:d822',
  ])('%s is not public, whatever the kernel does with it', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  test.each(['2001:470::5efe:5db8:d822', '2001:470::7f00:1', '2a00:1450:4001:800::a00:1'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  test.each(['[::7f00:1]', '[64:ff9b:1::7f00:1]', '[::5efe:7f00:1]'])('http://%s is refused before anything is sent', async (host) => {
    await using client = new TestClient({ network: 'public' })
    expect(await errorOf(client.request({ url: `http://${host}:9/`, signal }))).toMatchObject({ code: 'http_address_refused' })
  })
})

describe("with network: 'public'", () => {
  test.each(['127.0.0.1', '2130706433', '0x7f.1', '017700000001', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '127.1', '①②⑦.0.0.1'])(
    'http://%s is not connected to',
    async (host) => {
      await using server = await serve((_, response) => response.end())
      await using client = new TestClient({ network: 'public' })
      const error = await errorOf(client.request({ url: `http://${host}:${new URL(server.url).port}/`, signal }))
      expect(error).toMatchObject({ code: 'http_address_refused', kind: 'config', hint: expect.stringContaining('allow_private_networks') })
      expect(server.asked).toEqual([])
    },
  )

  test('a name that resolves to private addresses is not connected to, and is not retried', async () => {
    await using server = await serve((_, response) => response.end())
    let lookups = 0
    const lookup: LookupFunction = (_host, _options, callback) => {
      lookups += 1
      callback(null, [{ address: '127.0.0.1', family: 4 }, { address: '::ffff:10.0.0.1', family: 6 }])
    }
    await using client = new TestClient({ network: 'public', lookup })
    for (const protocol of ['http', 'https']) {
      expect(await errorOf(client.request({ url: `${protocol}://docs.example.com:${new URL(server.url).port}/`, signal }))).toMatchObject({ code: 'http_address_refused' })
    }
    expect(lookups).toBe(2)
    expect(server.asked).toEqual([])
  })

  test.each([true, false])('a name is resolved once, and only its public addresses are handed to the connection (all: %s)', (all) => {
    let lookups = 0
    const guarded = publicLookup((_host, _options, callback) => {
      lookups += 1
      callback(null, [{ address: '10.0.0.1', family: 4 }, { address: '2606:4700::1111', family: 6 }, { address: '1.1.1.1', family: 4 }])
    })
    const answers: unknown[] = []
    guarded('docs.example.com', { all }, (...answer) => answers.push(answer))
    expect(lookups).toBe(1)
    const both = [{ address: '2606:4700::1111', family: 6 }, { address: '1.1.1.1', family: 4 }]
    expect(answers).toEqual([all ? [null, both] : [null, '2606:4700::1111', 6]])
  })
})

describe('a URL', () => {
  test.each(['http://user@example.com/', 'http://user:geheim@example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'nonsense'])('%s is refused', async (url) => {
    await using client = new TestClient()
    const error = await errorOf(client.request({ url, signal }))
    expect(error).toMatchObject({ code: 'http_bad_url', kind: 'config' })
    expect(error.message).not.toContain('geheim')
  })

  test('a header with a line break is refused, and its value is not shown', async () => {
    await using client = new TestClient()
    const error = await errorOf(client.request({ url: 'http://127.0.0.1:9/', signal, headers: { authorization: 'Bearer geheim\nx' } }))
    expect(error).toMatchObject({ code: 'http_bad_request', kind: 'config' })
    expect(JSON.stringify([error.message, error.hint, String(error.cause)])).not.toContain('geheim')
  })
})
