/**
 * The NUL-terminated fields of a stream (`-z`), as many at a time as arrive together. A last field without its NUL is
 * a field too, unless it is empty.
 */
export async function* nulFields(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let rest: Buffer | undefined
  for await (const chunk of chunks) {
    const data = rest === undefined ? chunk : Buffer.concat([rest, chunk])
    const fields: Buffer[] = []
    let start = 0
    for (let end = data.indexOf(0); end !== -1; end = data.indexOf(0, start)) {
      fields.push(data.subarray(start, end))
      start = end + 1
    }
    rest = start < data.length ? data.subarray(start) : undefined
    if (fields.length > 0) yield fields
  }
  if (rest !== undefined) yield [rest]
}
