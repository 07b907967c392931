/**
 * Identifies what decides the vectors. Two embedders with one fingerprint give exchangeable vectors, so neither the
 * URL nor the key is in it: moving to another server of the same model recomputes nothing.
 *
 * @param family what computes the vectors: `openai`, `hash/1`, `energetic-ai/0.2`
 */
export function embeddingFingerprint(family: string, model: string, dimensions: number | undefined): string {
  return `${family}:${model}:${dimensions ?? 'default'}`
}
