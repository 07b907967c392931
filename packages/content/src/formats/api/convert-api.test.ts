import { describe, expect, it } from 'vitest'

import { convertContent } from '../convert-content.ts'

async function converted(text: string, name = 'api.yaml'): Promise<Record<string, unknown>> {
  return { ...(await convertContent({ bytes: Buffer.from(text), name })) }
}

const PETS = `openapi: 3.1.0
info: { title: Pet store, version: "2.1", description: "Sells *pets*." }
paths:
  /pets/{id}:
    parameters:
      - { name: id, in: path, required: true, description: Number of the pet, schema: { type: integer, format: int64 } }
    get:
      summary: Find a pet
      description: Also sold ones.
      parameters:
        - $ref: '#/components/parameters/Fields'
      responses:
        '200': { description: Found, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
        '404': { description: Not found }
    patch:
      operationId: changePet
      deprecated: true
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: { type: string, description: New name }
                owner: { type: object, properties: { email: { type: string, format: email } } }
      responses: {}
components:
  parameters:
    Fields: { name: fields, in: query, description: What to give, schema: { type: array, items: { type: string } } }
  schemas:
    Pet:
      description: A pet.
      properties:
        kind: { type: string, enum: [cat, dog] }
        mother: { $ref: '#/components/schemas/Pet' }
`

describe('F10: OpenAPI', () => {
  it('is one section an operation, and one a schema', async () => {
    expect(await converted(PETS)).toEqual({
      contentType: 'application/yaml',
      format: 'markdown',
      title: 'Pet store',
      metadata: { api_version: '2.1' },
      text: `# Pet store

Sells *pets*.

## GET /pets/{id}: Find a pet

Also sold ones.

**Parameters**

- \`id\` (path, integer (int64), required): Number of the pet
- \`fields\` (query, array of string): What to give

**Answers**

- \`200\` (Pet): Found
- \`404\`: Not found

## PATCH /pets/{id}: changePet

Deprecated.

**Parameters**

- \`id\` (path, integer (int64), required): Number of the pet

**Body** (application/json; object)

- \`name\` (string, required): New name
- \`owner\` (object)
  - \`email\` (string (email))

## Pet

A pet.

- \`kind\` (string): One of \`cat\`, \`dog\`.
- \`mother\` (Pet)`,
    })
  })

  it('is read from JSON, also on one line, and from version 2', async () => {
    const swagger = { swagger: '2.0', info: { title: 'Old' }, paths: { '/a': { post: { summary: 'Send', parameters: [{ name: 'body', in: 'body', description: 'What', schema: { $ref: '#/definitions/A' } }, { name: 'q', in: 'query', type: 'string' }], responses: { 200: { description: 'ok', schema: { $ref: '#/definitions/A' } } } } } }, definitions: { A: { properties: { x: { type: 'string' } } } } }
    for (const text of [JSON.stringify(swagger), JSON.stringify(swagger, null, 2)]) {
      expect((await converted(text, 'api.json'))['text']).toBe('# Old\n\n## POST /a: Send\n\n**Parameters**\n\n- `q` (query, string)\n\n**Body** (A): What\n\n**Answers**\n\n- `200` (A): ok\n\n## A\n\n- `x` (string)')
    }
  })

  it.each([
    ['references in a circle', 'openapi: 3.0.0\ninfo: { title: T }\npaths: { /a: { $ref: "#/paths/~1b" }, /b: { $ref: "#/paths/~1a" } }\n'],
    ['schemas in themselves', 'openapi: 3.0.0\ninfo: { title: T }\ncomponents: { schemas: { A: &a { type: object, properties: { self: { allOf: [{ $ref: "#/components/schemas/A" }] } } } } }\n'],
    ['wrong shapes', 'openapi: 3.0.0\ninfo: 3\npaths: [1]\ncomponents: { schemas: { A: 3, B: { properties: [], required: 3 } } }\n'],
  ])('ends with %s', async (_, text) => {
    expect(await converted(text)).toHaveProperty('text')
  })

  it.each([
    ['broken YAML', 'openapi: 3.0.0\npaths: { : : }\n  - x\n'],
    ['other YAML', 'services:\n  openapi:\n    image: x\n'],
    ['other JSON', '{ "name": "openapi" }'],
  ])('%s is code', async (_, text) => {
    expect(await converted(text, text.startsWith('{') ? 'a.json' : 'a.yaml')).toMatchObject({ format: 'code', text })
  })
})

it('F10: AsyncAPI 2 and 3', async () => {
  const two = 'asyncapi: 2.6.0\ninfo: { title: Events }\nchannels:\n  user/signedup:\n    subscribe:\n      summary: Somebody signed up\n      message: { name: UserSignedUp, payload: { type: object, properties: { email: { type: string } } } }\n'
  expect((await converted(two))['text']).toBe('# Events\n\n## SUBSCRIBE user/signedup: Somebody signed up\n\n**UserSignedUp**\n\n- `email` (string)')
  const three = 'asyncapi: 3.0.0\ninfo: { title: Events }\nchannels:\n  signedUp: { address: user/signedup, messages: { A: { $ref: "#/components/messages/A" } } }\noperations:\n  onSignedUp: { action: receive, channel: { $ref: "#/channels/signedUp" }, summary: Somebody signed up }\ncomponents: { messages: { A: { payload: { type: object, properties: { email: { type: string } } } } } }\n'
  const { text } = await converted(three)
  expect(text).toContain('## user/signedup\n\n**A**\n\n- `email` (string)')
  expect(text).toContain('## RECEIVE user/signedup: Somebody signed up')
})

it('F10: JSON Schema', async () => {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Settings', description: 'All of them.', required: ['port'], properties: { port: { type: 'integer', description: 'Where to listen' } } }
  expect(await converted(JSON.stringify(schema, null, 2), 'settings.schema.json')).toMatchObject({ title: 'Settings', text: '# Settings\n\nAll of them.\n\n- `port` (integer, required): Where to listen' })
})
