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
    message: 'One commit of the repository changes more files than fit into the memory that git may take',
    hint: 'Check whether the repository is what it should be: a few small objects can stand for any number of files. If it is, raise `max_files` of this source, which raises the memory with it. Nothing was deleted.',
    cause,
  })
}
