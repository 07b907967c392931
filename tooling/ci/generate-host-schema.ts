import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigFile } from '../../packages/core/src/config/config-file.ts'

/** The file that every load of a configuration reads in the place of making it. */
export const HOST_SCHEMA_FILE = join(import.meta.dirname, '../../packages/core/src/config/host-schema.json')

/** The JSON Schema of the host's keys, as its file should be. */
export function hostSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(ConfigFile, { io: 'input', target: 'draft-2020-12' }), undefined, 2)}\n`
}

if (import.meta.main) writeFileSync(HOST_SCHEMA_FILE, hostSchemaText())
