import { CUSTOMARY_USERS, type Secret } from './secret-forms.ts'
import { userInfosIn } from './url-user-info.ts'

/** Parameters of a URL that let somebody in. */
const SECRET_PARAMETER = /(^|[_-])(token|key|api_?key|password|secret|sig|signature|auth|code)$/i
/** `?key=DOCS` names a thing. */
const SHORTEST_PARAMETER = 8

/** Says to GitHub that the user name is the token. */
const NO_PASSWORD = 'x-oauth-basic'

/** Secrets inside the URLs of a text, such as the value of a proxy variable. */
export function urlSecrets(text: string): readonly Secret[] {
  const inUserInfo = [...userInfosIn(text)].flatMap(({ start, end }): readonly Secret[] => {
    const [user = '', ...rest] = text.slice(start, end).split(':')
    const password = rest.join(':')
    if (password === '') return isName(user, text.slice(end + 1)) ? [] : [user, decoded(user)].map((value) => ({ value, mayBeName: true }))
    if (password === NO_PASSWORD) return [user, decoded(user)].map((value) => ({ value }))
    return [password, decoded(password)].map((value) => ({ value, users: [decoded(user)] }))
  })
  return [...inUserInfo, ...secretParameters(text).map((value) => ({ value }))]
}

/**
 * Hosts write a name before theirs in the addresses that they offer, such as the organisation's:
 * `https://contoso@dev.azure.com/contoso/handbook`. `rest` begins with the host.
 */
function isName(user: string, rest: string): boolean {
  return CUSTOMARY_USERS.includes(user) || (rest.split(/\s/)[0] ?? '').split(/[/?#]/).includes(user)
}

/** Values of parameters that let somebody in, of a text that is one URL. */
export function secretParameters(text: string): readonly string[] {
  if (!text.includes('?') || !URL.canParse(text)) return []
  const { searchParams } = new URL(text)
  return [...searchParams].filter(([name, value]) => SECRET_PARAMETER.test(name) && value.length >= SHORTEST_PARAMETER).map(([, value]) => value)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray percent sign: then the text is not encoded, and stands for itself.
    return text
  }
}
