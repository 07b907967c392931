/** What the display is told of a run, as it is now. */
export interface ProgressFigures {
  /** Changes that the detector named so far. */
  readonly detected: number
  /** Of these, how many are committed. */
  readonly done: number
  /** How many there will be, once detection has ended. */
  readonly total?: number
  readonly chunks: {
    /** Chunks that need a vector, of the documents that were read so far. */
    readonly detected: number
    /** Of these, how many have one. */
    readonly done: number
    /** Inputs that the embedder answered. */
    readonly embedded: number
    /** How many there may be in the end, by what the last documents had; known with `total`. */
    readonly expected?: number
  }
  /** What is under way: inputs at the embedder, documents that are being read. */
  readonly inFlight: { readonly embedding: number; readonly reading: number }
}

/** Of a batch of documents, older ones count half as much with each further one. */
const DECAY = 0.5

/** How far a run is. */
export class RunProgress {
  detected = 0
  done = 0
  total: number | undefined
  readonly inFlight = { embedding: 0, reading: 0 }
  readonly chunks = { detected: 0, done: 0, embedded: 0 }
  #planned = 0
  /** Of the documents that were planned last, those at the beginning of a run that goes on with another one need none. */
  #recent = { documents: 0, chunks: 0 }

  /** So many documents were compared with what is recorded, and so many chunks of them need a vector. */
  planned(documents: number, chunks: number): void {
    this.#planned += documents
    this.chunks.detected += chunks
    this.#recent = { documents: this.#recent.documents * DECAY + documents, chunks: this.#recent.chunks * DECAY + chunks }
  }

  /** So many more documents are going to be done that no detector named. */
  further(documents: number): void {
    this.detected = this.done + documents
    this.total = this.detected
    this.#planned = this.done
  }

  /** As it is now. */
  figures(): ProgressFigures {
    const { detected, done, total } = this
    if (total === undefined) return { detected, done, chunks: { ...this.chunks }, inFlight: { ...this.inFlight } }
    const perDocument = this.#recent.documents === 0 ? 0 : this.#recent.chunks / this.#recent.documents
    const expected = this.chunks.detected + Math.round(Math.max(0, total - this.#planned) * perDocument)
    return { detected, done, total, chunks: { ...this.chunks, expected }, inFlight: { ...this.inFlight } }
  }
}
