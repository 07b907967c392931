import { z } from 'zod'

/** `global.embedding`: what turns text into vectors. */
export const EmbeddingConfig = z
  .strictObject({
    provider: z
      .enum(['local', 'openai', 'hash'])
      .describe(
        '`local` works offline with a model that comes with its package; `openai` is every server with an OpenAI-compatible interface; `hash` is deterministic and for tests.',
      )
      .default('local'),
    model: z.string().min(1).describe("Name of the model, not for `hash`. Default: the provider's own.").optional(),
    base_url: z
      .string()
      .refine(isHttpUrl, { error: 'must be an http or https URL, such as https://api.openai.com/v1' })
      .describe('Base URL of the server, for `openai` only. Default: that of OpenAI.')
      .optional(),
    api_key: z
      .string()
      .min(1)
      .meta({ writeOnly: true, description: 'API key of the server, for `openai` only.' })
      .optional(),
    dimensions: z
      .int()
      .min(16)
      .max(65_536)
      .describe("Length of the vectors. Default: the model's own.")
      .optional(),
    batch_size: z.int().min(1).max(10_000).describe('Inputs in one request to the embedder, at most.').default(64),
    max_concurrency: z.int().min(1).max(256).describe('Requests at once, at most; for `local` worker threads, never more than processors. `hash` works one by one anyway.').default(4),
  })
  .superRefine((config, context) => {
    // A key that is accepted and does nothing would be a defect.
    for (const key of ['base_url', 'api_key'] as const) {
      if (config.provider === 'openai' || config[key] === undefined) continue
      context.addIssue({ code: 'custom', path: [key], message: `applies to provider openai only (the provider is ${config.provider})` })
    }
    if (config.provider === 'hash' && config.model !== undefined) {
      context.addIssue({ code: 'custom', path: ['model'], message: 'does not apply to provider hash, which has no models' })
    }
  })
export type EmbeddingConfig = z.output<typeof EmbeddingConfig>

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
