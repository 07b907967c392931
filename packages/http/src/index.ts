export type { HttpClientOptions } from './http-client-options.ts'
export type { HttpRequest, HttpResponse, RedirectHop, RedirectPolicy } from './request.ts'
