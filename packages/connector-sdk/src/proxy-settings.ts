/**
 * The proxies that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`). Addresses may hold a user and a
 * password, which are secrets.
 */
export interface ProxySettings {
  /** For `http:` addresses. */
  readonly http?: string | undefined
  /** For `https:` addresses. */
  readonly https?: string | undefined
  /** Hosts that are asked directly: names with the names below them, addresses, ranges (`10.0.0.0/8`), `*` for all. */
  readonly no?: string | undefined
}
