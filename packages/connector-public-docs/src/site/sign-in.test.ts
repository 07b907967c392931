import { describe, expect, it } from 'vitest'
import { leadsToSignIn } from './sign-in.ts'

const from = new URL('https://docs.example.com/guide/install')

describe('S1: a redirect to a sign-in, whatever its status', () => {
  it.each([
    ['/login?next=/guide/install', true],
    ['https://sso.example.com/start?return=https%3A%2F%2Fdocs.example.com%2Fguide%2Finstall', true],
    ['https://id.example.com/oauth2/authorize?state=x&redirect_uri=https://docs.example.com/guide/install', true],
    ['/users/sign_in?back=%2Fguide%2Finstall', true],
    ['/guide/login', false],
    ['https://new.example.com/guide/install', false],
    ['/print?page=/guide/install', false],
  ])('S1: %s: %s', (to, expected) => expect(leadsToSignIn(URL.parse(to, from.href), from)).toBe(expected))
})
