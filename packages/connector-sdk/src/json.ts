/** A value that survives `JSON.stringify` and `JSON.parse` unchanged. Everything in a change is made of these. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A plain object of JSON values. */
export interface JsonObject {
  readonly [key: string]: Json
}
