/**
 * What the host needs of a schema: validation and a JSON Schema, through the Standard Schema interfaces
 * (https://standardschema.dev). Zod 4.2 and newer schemas fit as they are, whichever copy of Zod made them.
 *
 * A field that holds a secret carries `writeOnly: true` in its JSON Schema (`z.string().meta({ writeOnly: true })`);
 * the host never prints it.
 */
export interface Schema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly jsonSchema: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>
    }
  }
}

/** The outcome of a validation: a value, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  readonly message: string
  /** Keys from the root to the offending value. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}
