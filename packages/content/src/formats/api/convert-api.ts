import type { ConvertedText } from '../format.ts'
import { ApiDocument, type Fields, isFields, lineOf, listOf, nameOfReference, textOf, type Value } from './api-document.ts'
import type { ApiKind } from './api-kind.ts'
import { fieldLine, schemaLines, typeOf } from './describe-schema.ts'

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'])

/**
 * A description of an API as Markdown that people ask about: one section for each operation, `GET /pets/{id}: summary`,
 * with its parameters, bodies and answers, and one for each schema. Undefined where the text cannot be read.
 */
export function convertApi(text: string, kind: ApiKind): ConvertedText | undefined {
  const document = ApiDocument.read(text)
  if (document === undefined) return undefined
  const { root } = document
  const info = document.fields(root['info'])
  const title = lineOf(info['title']) || lineOf(root['title'])
  const sections = [
    ...(title === '' ? [] : [`# ${title}`]),
    textOf(info['description']) || textOf(root['description']),
    ...(kind === 'openapi' ? operations(document) : kind === 'asyncapi' ? channels(document) : [schemaLines(root, document).join('\n')]),
    ...schemas(document),
  ]
  const body = sections.filter((section) => section !== '').join('\n\n')
  const version = lineOf(info['version'])
  return {
    text: body,
    format: 'markdown',
    title: title === '' ? undefined : title,
    ...(version !== '' && { metadata: { api_version: version } }),
  }
}

function operations(document: ApiDocument): string[] {
  const paths = [...entriesOf(document.root['paths']), ...entriesOf(document.root['webhooks'])]
  return paths.flatMap(([path, item]) => {
    const fields = document.fields(item)
    const shared = listOf(fields['parameters'])
    return entriesOf(fields)
      .filter(([method]) => METHODS.has(method.toLowerCase()))
      .map(([method, operation]) => operationSection(`${method.toUpperCase()} ${path}`, document.fields(operation), shared, document))
  })
}

function operationSection(name: string, operation: Fields, shared: readonly Value[], document: ApiDocument): string {
  const summary = lineOf(operation['summary']) || lineOf(operation['operationId'])
  const parameters = [...shared, ...listOf(operation['parameters'])].map((parameter) => document.fields(parameter))
  return paragraphs([
    `## ${name}${summary === '' ? '' : `: ${summary}`}`,
    operation['deprecated'] === true ? 'Deprecated.' : '',
    textOf(operation['description']),
    listed('Parameters', parameters.filter((parameter) => parameter['in'] !== 'body').map((parameter) => parameterLine(parameter, document))),
    ...bodies('Body', operation['requestBody'], document),
    // Version 2 has the body among the parameters.
    ...parameters.filter((parameter) => parameter['in'] === 'body').flatMap((parameter) => bodies('Body', { content: { '': parameter } }, document)),
    listed('Answers', answerLines(operation['responses'], document)),
  ])
}

function parameterLine(parameter: Fields, document: ApiDocument): string {
  const schema = parameter['schema'] ?? { type: parameter['type'], format: parameter['format'], items: parameter['items'], enum: parameter['enum'] }
  const described = { ...(isFields(schema) ? schema : {}), description: parameter['description'], deprecated: parameter['deprecated'] }
  return fieldLine(lineOf(parameter['name']), described, parameter['required'] === true, document, lineOf(parameter['in']))
}

function bodies(label: string, body: Value, document: ApiDocument): string[] {
  const fields = document.fields(body)
  const contents = entriesOf(fields['content'])
  // The same schema under several media types is described once.
  const [first] = contents
  if (first === undefined) return []
  const schema = document.fields(first[1])['schema']
  const type = typeOf(schema, document)
  const types = contents.map(([name]) => name).filter((name) => name !== '')
  const facts = [types.join(', '), type].filter((fact) => fact !== '').join('; ')
  const description = lineOf(fields['description']) || lineOf(document.fields(first[1])['description'])
  const head = `**${label}**${facts === '' ? '' : ` (${facts})`}${description === '' ? '' : `: ${description}`}`
  const lines = nameOfReference(schema) === undefined ? schemaLines(schema, document) : []
  return [head, lines.join('\n')]
}

function answerLines(responses: Value, document: ApiDocument): string[] {
  return entriesOf(responses).map(([status, response]) => {
    const fields = document.fields(response)
    const [content] = entriesOf(fields['content'])
    const schema = content === undefined ? fields['schema'] : document.fields(content[1])['schema']
    const type = typeOf(schema, document)
    const description = lineOf(fields['description'])
    return `\`${status}\`${type === '' ? '' : ` (${type})`}${description === '' ? '' : `: ${description}`}`
  })
}

/** AsyncAPI 2 has operations in channels; 3 has them beside, and they refer to their channels. */
function channels(document: ApiDocument): string[] {
  const inChannels = entriesOf(document.root['channels']).flatMap(([name, channel]) => {
    const fields = document.fields(channel)
    const own = (['publish', 'subscribe'] as const).flatMap((action) => (isFields(fields[action]) ? [asyncSection(action, name, fields[action], document, fields)] : []))
    return own.length > 0 ? own : [channelSection(lineOf(fields['address']) || name, fields, document)]
  })
  const beside = entriesOf(document.root['operations']).map(([name, operation]) => {
    const fields = document.fields(operation)
    const channel = document.fields(fields['channel'])
    return asyncSection(lineOf(fields['action']) || 'operation', lineOf(channel['address']) || (nameOfReference(fields['channel']) ?? name), { summary: name, ...fields }, document, {})
  })
  return [...inChannels, ...beside]
}

function channelSection(name: string, channel: Fields, document: ApiDocument): string {
  return paragraphs([`## ${name}`, lineOf(channel['summary']), textOf(channel['description']), ...messages(Object.values(document.fields(channel['messages'])), document)])
}

function asyncSection(action: string, name: string, operation: Fields, document: ApiDocument, channel: Fields): string {
  const summary = lineOf(operation['summary']) || lineOf(operation['operationId'])
  const message = document.fields(operation['message'])
  const several = listOf(message['oneOf'])
  return paragraphs([
    `## ${action.toUpperCase()} ${name}${summary === '' ? '' : `: ${summary}`}`,
    textOf(channel['description']),
    textOf(operation['description']),
    ...messages(several.length > 0 ? several : [operation['message'], ...listOf(operation['messages'])], document),
  ])
}

function messages(values: readonly Value[], document: ApiDocument): string[] {
  return values.flatMap((value) => {
    const message = document.fields(value)
    const name = lineOf(message['title']) || lineOf(message['name']) || (nameOfReference(value) ?? '')
    const says = lineOf(message['summary']) || lineOf(message['description'])
    const head = name === '' && says === '' ? '' : `**${name === '' ? 'Message' : name}**${says === '' ? '' : `: ${says}`}`
    return [head, schemaLines(message['payload'], document).join('\n')]
  })
}

function schemas(document: ApiDocument): string[] {
  const components = document.fields(document.root['components'])
  const groups = [components['schemas'], document.root['definitions'], document.root['$defs']]
  return groups.flatMap((group) =>
    entriesOf(group).map(([name, schema]) => {
      const fields = document.fields(schema)
      const values = listOf(fields['enum']).map(lineOf).filter((item) => item !== '')
      return paragraphs([
        `## ${name}`,
        textOf(fields['description']),
        values.length === 0 ? '' : `One of ${values.slice(0, 100).map((item) => `\`${item}\``).join(', ')}.`,
        listOf(fields['oneOf']).length + listOf(fields['anyOf']).length + listOf(fields['allOf']).length > 0 ? typeOf(schema, document) : '',
        schemaLines(schema, document).join('\n'),
      ])
    }),
  )
}

function listed(label: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `**${label}**\n\n${lines.map((line) => `- ${line}`).join('\n')}`
}

function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

function entriesOf(value: Value): [string, Value][] {
  return isFields(value) ? Object.entries(value) : []
}
