import { type Answer, json } from '../base/answer.ts'

/** An error as the v2 interface words it. */
export function refusedV2(status: number, title: string): Answer {
  return json(status, { errors: [{ status, code: status === 404 ? 'NOT_FOUND' : 'INVALID_REQUEST_PARAMETER', title, detail: null }] })
}

/** An error as the v1 interface and Data Center word it. */
export function refusedV1(status: number, message: string): Answer {
  return json(status, {
    statusCode: status,
    data: { authorized: status !== 403, valid: false, allowedInReadOnlyMode: true, errors: [], successful: false },
    message,
  })
}

/**
 * What Atlassian's gateway answers to a token that lacks the scope of a route:
 * https://github.com/kovetskiy/mark/issues/917
 */
export const MISSING_SCOPE: Answer = {
  ...json(401, { code: 401, message: 'Unauthorized; scope does not match' }),
  headers: { 'x-failure-category': 'FAILURE_CLIENT_SCOPE_CHECK' },
}
