const UNITS = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const
const FORM = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)$/i

/**
 * Bytes in a size such as `512KB`, `1MB` or `1.5GB`; undefined for anything else. 1 KB is 1,024 bytes. One number and
 * one unit, in upper or lower case; fractions of a byte are rounded.
 */
export function parseByteSize(text: string): number | undefined {
  const match = FORM.exec(text.trim())
  if (match === null) return undefined
  const bytes = Math.round(Number(match[1]) * UNITS[(match[2] ?? '').toUpperCase() as keyof typeof UNITS])
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** The shortest form that {@link parseByteSize} reads back to the same number of bytes: `1048576` is `1MB`. */
export function formatByteSize(bytes: number): string {
  for (const unit of ['GB', 'MB', 'KB'] as const) {
    if (bytes !== 0 && bytes % UNITS[unit] === 0) return `${bytes / UNITS[unit]}${unit}`
  }
  return `${bytes}B`
}
