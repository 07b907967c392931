import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { listen } from './loopback.ts'

const file = (name: string): string => fileURLToPath(new URL(`certificate/${name}`, import.meta.url))

async function ask(host: string, port: number, authority: string | undefined): Promise<string> {
  const env = { ...process.env, ...(authority === undefined ? {} : { NODE_EXTRA_CA_CERTS: authority }) }
  const { stdout } = await promisify(execFile)(process.execPath, [file('ask-once.ts'), `https://${host}:${port}/`], { env })
  return stdout
}

test('a certificate is accepted when NODE_EXTRA_CA_CERTS names its authority, and only for its own name', async () => {
  const server = createServer({ key: await readFile(file('server-key.pem')), cert: await readFile(file('server.pem')) }, (_, response) => response.end())
  // Only IPv4, which `localhost` also means where it means both.
  const port = await listen(server)
  const answers = await Promise.all([
    ask('localhost', port, undefined),
    ask('localhost', port, file('authority.pem')),
    ask('127.0.0.1', port, file('authority.pem')),
  ])
  server.close()
  expect(answers).toEqual(['http_certificate config', '200', 'http_certificate config'])
})
