import { LoaderError } from '@qdrant-loader/connector-sdk'

const OTHER_NAME = 'set `qdrant.collection_name` to a new name: the next sync fills it.'

/** A collection that could not give back the vectors that are written. */
export function unfit(location: string, what: string): LoaderError {
  const message = `The collection ${location} ${what}, which does not fit. Nothing in it was changed.`
  const hint = `Remove the collection if it is not needed, or ${OTHER_NAME}`
  return new LoaderError({ code: 'store_collection_unfit', kind: 'config', message, hint })
}

/** A collection for vectors of another length. */
export function otherDimensions(location: string, held: number, wanted: number): LoaderError {
  const message = `The collection ${location} holds vectors of ${held} dimensions; the embedder makes ${wanted}.`
  const hint = `Restore the earlier \`embedding\` settings, or ${OTHER_NAME}`
  return new LoaderError({ code: 'store_dimensions_mismatch', kind: 'config', message, hint })
}

/** A collection filled with another embedding. */
export function otherEmbedding(location: string): LoaderError {
  const message = `The collection ${location} was built with another embedding model or other embedding settings.`
  const hint = `Restore the earlier \`embedding\` settings, or ${OTHER_NAME}`
  return new LoaderError({ code: 'store_embedding_mismatch', kind: 'config', message, hint })
}

/** A collection with points that are not ours. */
export function foreignPoints(location: string): LoaderError {
  const message = `The collection ${location} holds points of another program. Nothing in it was changed.`
  const hint = `Empty the collection if its points are not needed, or ${OTHER_NAME}`
  return new LoaderError({ code: 'store_collection_foreign', kind: 'config', message, hint })
}

/** A collection that came and went while it was opened. */
export function vanished(location: string): LoaderError {
  const message = `The collection ${location} was created and removed by another process just now.`
  const hint = 'Run the command again when the other process is done.'
  return new LoaderError({ code: 'store_collection_missing', kind: 'transient', message, hint })
}
