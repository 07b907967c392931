/** Names of what signs in, as a part of a path. */
const SIGN_IN = /^(?:log[_-]?in|sign[_-]?in|sso|auth|authenticate|authorize|oauth2?|saml2?|cas|session)(?:[._-].{0,40})?$/i

/**
 * Whether a redirect asks to sign in: it leads to such a place, and takes along where to come back to. Whatever its
 * status says, the page has not moved there.
 */
export function leadsToSignIn(to: URL | null, from: URL): boolean {
  if (to === null || from.pathname.length < 2) return false
  const names = [...to.hostname.split('.'), ...to.pathname.split('/')]
  return names.some((name) => SIGN_IN.test(name)) && [...to.searchParams.values()].some((value) => value.includes(from.pathname))
}
