import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

const LATER = 'Check the network and the address, and run the sync again. Nothing was deleted.'
const CHECK_BASE_URL = 'Check `base_url`, with its context path, and what is configured to be read.'

/** Everything that goes wrong between a connector and its server. */
export const HTTP_CODES = {
  // The way to the server.
  http_unreachable: {
    kind: 'transient',
    message: '{address} could not be read: {reason}',
    hint: LATER,
  },
  'http_unreachable/through_proxy': {
    kind: 'transient',
    message: '{address} could not be read through the proxy {proxy}: {reason}',
    hint: 'Check the proxy, or name {host} in NO_PROXY so that it is asked directly. Nothing was deleted.',
  },
  'http_unreachable/behind_proxy': {
    kind: 'transient',
    message: '{address} could not be read: the proxy {proxy} did not reach it ({status})',
    hint: 'Check the network behind the proxy, or name {host} in NO_PROXY, and run the sync again. Nothing was deleted.',
  },
  http_timeout: {
    kind: 'transient',
    message: '{address} did not answer completely within {seconds} s',
    hint: LATER,
  },
  http_certificate: {
    kind: 'config',
    message: 'The certificate of {host} was not accepted ({code})',
    hint: 'Let Node know your certificate authority: set NODE_EXTRA_CA_CERTS to its PEM file.',
  },
  http_address_refused: {
    kind: 'config',
    message: '{host} is not on the public internet, so it was not connected to',
    hint: 'If it is meant to be read, set `allow_private_networks: true` at this source.',
  },
  http_proxy_invalid: {
    kind: 'config',
    message: '{variable} does not name an HTTP proxy',
    hint: 'Set {variable} to an address such as http://proxy.example.com:3128, or unset it.',
  },
  http_proxy_unauthorized: {
    kind: 'auth',
    message: 'The proxy {proxy} did not accept {what} (407)',
    hint: 'Check the user and the password in {variable}: http://user:password@{proxy}.',
  },
  http_proxy_refused: {
    kind: 'config',
    message: 'The proxy {proxy} does not let requests to {host} through ({status})',
    hint: 'Let the proxy allow {host}, or name it in NO_PROXY so that it is asked directly.',
  },

  // The request.
  http_bad_url: {
    kind: 'config',
    message: '{address} cannot be asked for: {reason}',
    hint: 'Use an http or https address without user and password; credentials have keys of their own.',
  },
  'http_bad_url/outside': {
    kind: 'internal',
    message: 'The path {path} leads out of {base}',
    hint: 'Please report this; a segment of the path was not encoded.',
  },
  http_bad_request: {
    kind: 'config',
    message: 'The request to {address} cannot be sent: its address or a header holds characters that HTTP does not allow',
    hint: 'Check the address and the credentials for line breaks and other invisible characters.',
  },

  // The status.
  http_unauthorized: {
    kind: 'auth',
    message: '{address} did not accept the credentials ({status})[: {said}]',
    hint: 'Check the token, and the user it belongs to; it may have expired.',
  },
  http_forbidden: {
    kind: 'auth',
    message: '{address} is not open to these credentials (403)[: {said}]',
    hint: 'Give the user of the token permission to read it.',
  },
  http_captcha: {
    kind: 'auth',
    message: "{address} wants a CAPTCHA to be solved before it takes this account's credentials ({status})",
    hint: 'Log in with the account once in a browser, at {page}, and solve the CAPTCHA there; then check the credentials here, since several failed sign-ins led to it.',
  },
  http_login_page: {
    kind: 'auth',
    message: '{address} answered with a page to sign in',
    hint: 'Check the token and its user; behind a single sign-on, the API needs a way in of its own.',
  },
  http_not_found: {
    kind: 'config',
    message: '{address} answered 404[: {said}]',
    hint: CHECK_BASE_URL,
  },
  http_status: {
    kind: 'config',
    message: '{address} answered {status}[: {said}]',
    hint: CHECK_BASE_URL,
  },
  http_rate_limited: {
    kind: 'transient',
    message: '{host} refuses more requests for now (429)',
    hint: 'Run the sync again later, with fewer requests a minute. Nothing was deleted.',
  },
  'http_rate_limited/wait': {
    kind: 'transient',
    message: '{host} asks to wait {seconds} s before the next request',
    hint: 'Run the sync again later. Nothing was deleted.',
  },
  http_server_error: {
    kind: 'transient',
    message: '{address} answered {status}',
    hint: LATER,
  },
  http_unservable: {
    kind: 'document',
    message: 'The server cannot show {what}, while it shows others: {reason}',
    hint: 'Open it in the source, and save it once more if that helps. The next sync tries it again; what is indexed of it was kept.',
  },
  http_nothing_served: {
    kind: 'transient',
    message: 'The server answers, but shows nothing of what it was asked for: {reason}',
    hint: 'Look into the log of the server, and run the sync again. Nothing was deleted.',
  },

  // Redirects.
  http_redirect_refused: {
    kind: 'document',
    message: '{address} redirects[ to {target}], which is not followed: {reason}',
    hint: 'If the site has moved, configure its new address.',
  },
  'http_redirect_refused/moved': {
    kind: 'config',
    message: '{refusal}',
    hint: 'Set `base_url` to the address where the server lives now, with https where it uses that.',
    about: { message: 'The API redirects to another address, which is not followed.' },
  },
  'http_redirect_refused/listing': {
    kind: 'config',
    message: '{host} continues its listing at another address, {target}',
    hint: 'Configure `base_url` as the server names itself (its own base URL setting), with the same scheme and host.',
  },
  http_too_many_redirects: {
    kind: 'document',
    message: '{address} redirects {way}',
    hint: 'Open the address in a browser, and use the address where it ends.',
  },

  // The body.
  http_bad_response: {
    kind: 'transient',
    message: '{address} answered with something that is not HTTP',
    hint: 'Check that the address and the port belong to a web server, then run the sync again.',
  },
  http_bad_json: {
    kind: 'transient',
    message: '{address} answered with {what}',
    hint: 'Check that `base_url` leads to the server itself, not to a page before it, and run the sync again.',
  },
  http_bad_encoding: {
    kind: 'document',
    message: '{address} is compressed in a way that was not asked for: {coding}',
    hint: 'Exclude it, or correct the server: gzip, br and deflate are understood.',
  },
  http_too_large: {
    kind: 'document',
    message: '{address} is larger than {bytes} bytes',
    hint: 'Exclude it, or raise the limit of size where the source has one.',
  },
  http_truncated: {
    kind: 'transient',
    message: 'The compressed answer of {address} is cut short or damaged',
    hint: 'Run the sync again. If it stays, the server or a proxy before it is broken.',
  },
} as const satisfies ErrorTable

export const httpError = errorsOf(HTTP_CODES)
