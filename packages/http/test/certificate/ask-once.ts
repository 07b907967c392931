import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { HttpClient } from '../../src/index.ts'

/** Asks for the URL in the first argument, through the proxy `ASK_THROUGH`, and prints the status or the error's code. */
const proxy = process.env['ASK_THROUGH']
const client = new HttpClient({ userAgent: 'test/1', network: 'any', retries: 2, ...(proxy !== undefined && { proxies: { https: proxy } }) })
try {
  const answer = await client.request({ url: process.argv[2] ?? '', signal: new AbortController().signal })
  process.stdout.write(String(answer.status))
} catch (error) {
  process.stdout.write(isLoaderError(error) ? `${error.code} ${error.kind}` : String(error))
}
await client.close()
