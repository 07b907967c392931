/**
 * The vectors that are being made or not yet committed, by input hash, so that equal texts in neighbouring documents
 * are embedded once. A claim is released after its document is committed: from then on the state knows the vector.
 */
export class VectorClaims {
  readonly #claims = new Map<string, PromiseWithResolvers<Float32Array>>()

  /** The vector that somebody already makes, or undefined: then it is the caller's to make, and to settle. */
  claim(inputHash: string): Promise<Float32Array> | undefined {
    const existing = this.#claims.get(inputHash)
    if (existing !== undefined) return existing.promise
    const claim = Promise.withResolvers<Float32Array>()
    // Nobody may be waiting for it when it fails; whoever made the claim reports the failure.
    claim.promise.catch(() => {})
    this.#claims.set(inputHash, claim)
    return undefined
  }

  fulfil(inputHash: string, vector: Float32Array): void {
    this.#claims.get(inputHash)?.resolve(vector)
  }

  /** Gives the claim up, so that the next one who needs the vector makes it. */
  fail(inputHash: string, error: unknown): void {
    this.#claims.get(inputHash)?.reject(error)
    this.#claims.delete(inputHash)
  }

  release(inputHashes: Iterable<string>): void {
    for (const inputHash of inputHashes) this.#claims.delete(inputHash)
  }
}
