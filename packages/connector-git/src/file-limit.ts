import { LoaderError } from '@qdrant-loader/connector-sdk'

/** More paths than a source may have. A few small objects can stand for any number of them. */
export function tooManyFiles(maxFiles: number): LoaderError {
  return new LoaderError({
    code: 'git_too_many_files',
    kind: 'config',
    message: `The repository, or one commit of its history, has more than ${maxFiles.toLocaleString('en')} files`,
    hint: 'If that is right, raise `max_files` of this source. Nothing was deleted.',
  })
}

/** Git ended because what it read does not fit into the memory that it may take. */
export function outOfMemory(cause: unknown): LoaderError {
  return new LoaderError({
    code: 'git_out_of_memory',
    kind: 'config',
    message: 'What is in the repository, or in one commit of its history, does not fit into half of the memory of this machine',
    hint: 'Check whether the repository is what it should be: a few small objects can stand for any number of files. Otherwise use a machine with more memory. Nothing was deleted.',
    cause,
  })
}
