import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ByHand } from '@qdrant-loader/simulators'

/** Where a server repeats what it was sent. */
export type Place = (response: ServerResponse, repeated: string, request: IncomingMessage) => void

/** Makes a simulated server answer some requests by repeating secrets. */
export class Repeater {
  /** Decides for each request, by method and path. Default: none is. */
  repeats: (requested: string, body: string) => boolean = () => false
  place: Place = (response) => response.end()
  /** What is repeated. */
  text = ''
  /** How often it was. */
  repeated = 0

  constructor(server: { byHand: ByHand | undefined }) {
    server.byHand = (request, response, _url, body) => {
      if (!this.repeats(`${request.method} ${request.url}`, body.toString())) return false
      this.repeated += 1
      this.place(response, this.text, request)
      return true
    }
  }
}
