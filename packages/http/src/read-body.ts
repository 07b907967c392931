import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { httpError } from './codes.ts'
import { printableUrl } from './printable-url.ts'

type Decoder = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: promisify(gunzip) as Decoder,
  'x-gzip': promisify(gunzip) as Decoder,
  br: promisify(brotliDecompress) as Decoder,
  deflate: inflateEither,
}

/** More codings on top of each other are used by nobody but by those who build decompression bombs. */
const MAX_CODINGS = 2

/**
 * Reads and decompresses a body, up to `maxBytes` bytes before and after: at the first byte more it stops and throws
 * `http_too_large`. A body that ends too early makes the stream or the decoder fail; it never comes back short.
 */
export async function readBody(body: Readable, headers: Headers, maxBytes: number, url: URL): Promise<Uint8Array> {
  // The stream reports its own destruction as an event too; what counts is the error that the loop throws.
  body.on('error', () => {})
  let bytes: Uint8Array
  try {
    if (Number(headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(url, maxBytes)
    bytes = await collect(body, maxBytes, url)
  } finally {
    body.destroy()
  }
  const codings = codingsOf(headers)
  if (codings.length > MAX_CODINGS) throw badEncoding(url, codings.join(', '))
  for (const coding of codings.reverse()) bytes = await decode(bytes, coding, maxBytes, url)
  return bytes
}

async function collect(body: Readable, maxBytes: number, url: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge(url, maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

function codingsOf(headers: Headers): string[] {
  return (headers.get('content-encoding') ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
}

async function decode(bytes: Uint8Array, coding: string, maxBytes: number, url: URL): Promise<Uint8Array> {
  // An empty body is sent without its coding by many servers, whatever the header says.
  if (bytes.byteLength === 0) return bytes
  const decoder = DECODERS[coding]
  if (decoder === undefined) throw badEncoding(url, coding)
  try {
    return await decoder(bytes, { maxOutputLength: Math.max(1, maxBytes) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(url, maxBytes)
    throw httpError('http_truncated', { address: printableUrl(url) }, { cause: error })
  }
}

/** Some servers send the raw stream, without the zlib header whose low four bits are 8. */
function inflateEither(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Promise<Uint8Array> {
  const decoder = ((bytes[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw
  return (promisify(decoder) as Decoder)(bytes, options)
}

function tooLarge(url: URL, maxBytes: number): LoaderError {
  return httpError('http_too_large', { address: printableUrl(url), bytes: maxBytes })
}

function badEncoding(url: URL, coding: string): LoaderError {
  return httpError('http_bad_encoding', { address: printableUrl(url), coding: coding.slice(0, 40) })
}
