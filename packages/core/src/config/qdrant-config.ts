import { z } from 'zod'
import { duration } from './duration.ts'

/** `global.qdrant`: the server that holds the collection. Without it the embedded store is used. */
export const QdrantConfig = z.strictObject({
  url: z
    .string()
    .refine(isServerUrl, {
      error: 'must be an http or https URL without user name and password, such as http://localhost:6333',
    })
    .describe('URL of the server, with its path prefix if it has one.'),
  api_key: z.string().min(1).meta({ writeOnly: true, description: 'API key of the server.' }).optional(),
  collection_name: z
    .string()
    .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,255}$/, {
      error: 'must be 1 to 255 letters, digits, dots, dashes and underscores',
    })
    .describe('Collection to keep equal to the sources. It is created when it does not exist.')
    .default('qdrant_loader'),
  timeout: duration({
    minimum: '100ms',
    maximum: '1h',
    description: 'The longest that one request to the server may take.',
  }).prefault('30s'),
})
export type QdrantConfig = z.output<typeof QdrantConfig>

// A password in the URL would be printed wherever the location of the store is named; there is `api_key` for it.
function isServerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === ''
}
