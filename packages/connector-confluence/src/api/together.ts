/** Does several things at once. When one of them fails the others are aborted, and waited for. */
export async function together<Parts extends readonly Promise<unknown>[] | []>(
  signal: AbortSignal,
  start: (signal: AbortSignal) => Parts,
): Promise<{ -readonly [Part in keyof Parts]: Awaited<Parts[Part]> }> {
  const controller = new AbortController()
  const parts = start(AbortSignal.any([signal, controller.signal]))
  try {
    return await Promise.all(parts)
  } catch (error) {
    controller.abort(error)
    await Promise.allSettled(parts)
    throw error
  }
}
