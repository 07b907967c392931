import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

const TRY_LATER = 'Check the network and the address, and run the sync again. Nothing was deleted.'

/** What goes wrong with git, with a remote, and with the kept copy of a repository. */
export const GIT_CODES = {
  // The program.
  git_missing: {
    kind: 'config',
    message: 'The git program was not found',
    hint: 'Install Git 2.39.4 or newer (https://git-scm.com) and make sure that `git` is on the PATH.',
  },
  git_too_old: {
    kind: 'config',
    message: 'The installed {version} is too old',
    hint: 'Install Git 2.39.4, 2.43.4, 2.45.1 or newer (https://git-scm.com). Older ones can run what a hostile repository tells them to.',
  },
  git_failed: {
    kind: 'transient',
    message: 'Git failed while reading {remote}: {said}',
    hint: 'Run the sync again. If it stays, try `git ls-remote` with this address by hand.',
  },
  git_out_of_memory: {
    kind: 'config',
    message: 'One commit of the repository changes more files than fit into the memory that git may take',
    hint: 'Check whether the repository is what it should be: a few small objects can stand for any number of files. If it is, raise `max_files` of this source, which raises the memory with it. Nothing was deleted.',
  },

  // The address.
  git_bad_address: {
    kind: 'config',
    message: 'base_url {problem}',
    hint: 'Give an https, http, ssh, git or file URL, user@host:path, or a path.',
    about: { message: '`base_url` is not an address that git understands, or not one that may be used.' },
  },
  git_transport_refused: {
    kind: 'config',
    message: 'Git was told to use a transport that is not allowed for {remote}',
    hint: 'Use an https, http, ssh, git or file address, and check `url.<base>.insteadOf` in your git configuration.',
  },
  git_repository_missing: {
    kind: 'config',
    message: '{remote} is not a Git repository, or it is not visible',
    hint: 'Check `base_url`. A private repository also answers like this when `token` is missing or may not read it.',
  },
  'git_repository_missing/nothing': {
    kind: 'config',
    message: 'There is nothing at {path}',
    hint: 'Check `base_url`; a relative path is relative to the folder of the configuration file.',
  },
  'git_repository_missing/without_scheme': {
    kind: 'config',
    message: 'There is nothing at {path}',
    hint: 'If it is an address, write base_url: https://{written}',
  },
  'git_repository_missing/plain_folder': {
    kind: 'config',
    message: '{path} is a plain folder, not a Git repository',
    hint: 'Give the folder of a repository or its address. To index this folder, make it one: `git init`, `git add .` and `git commit` in it; what is committed is read.',
  },
  'git_repository_missing/inside': {
    kind: 'config',
    message: '{path} is a folder inside the repository {repository}, not a repository',
    hint: 'Write base_url: {repository}, include_paths: {folder}',
  },
  git_dubious_ownership: {
    kind: 'config',
    message: 'Git refuses to read {remote} because it belongs to another user',
    hint: 'If you trust it, run: {command}',
  },
  git_not_git: {
    kind: 'config',
    message: '{remote} answers with {what} instead of a Git repository',
    hint: 'Check `base_url` and `token`: a login page or a proxy answers like this. Open the address in a browser from the same machine. Nothing was deleted.',
  },

  // The way to the remote.
  git_unreachable: {
    kind: 'transient',
    message: '{remote} cannot be reached: {said}',
    hint: TRY_LATER,
  },
  git_rate_limited: {
    kind: 'transient',
    message: '{remote} wants fewer requests',
    hint: TRY_LATER,
  },
  git_certificate: {
    kind: 'config',
    message: 'The certificate of {remote} was not accepted',
    hint: 'Give git the certificate of your authority: git config --global http.sslCAInfo FILE',
  },
  git_auth_failed: {
    kind: 'auth',
    message: '{remote} did not accept the credentials',
    hint: 'With https, set `token` to an access token that may read the repository. With ssh, load the right key into the agent and accept the host key once by hand.',
  },

  // What is read.
  git_branch_missing: {
    kind: 'config',
    message: '{remote} has no branch or tag "{ref}"',
    hint: 'Set `ref` to one that exists, such as: {names}. Nothing was deleted.',
  },
  'git_branch_missing/abbreviated': {
    kind: 'config',
    message: '{remote} has no branch or tag "{ref}"',
    hint: 'Set `ref` to one that exists, such as: {names}. A commit is written with its whole id of 40 characters. Nothing was deleted.',
  },
  'git_branch_missing/default': {
    kind: 'config',
    message: '{remote} has no default branch (its HEAD points to a branch that does not exist)',
    hint: 'Set `ref` to a branch or tag that exists, such as: {names}. Nothing was deleted.',
  },
  git_ref_not_commit: {
    kind: 'config',
    message: '"{ref}" of {remote} names a {what}, not a commit',
    hint: 'Set `ref` to a branch, or to a tag of a commit. Nothing was deleted.',
  },
  git_commit_missing: {
    kind: 'config',
    message: '{remote} has no commit {commit}, or does not give it',
    hint: 'Check `ref`. A commit that no branch and no tag contains is given by some servers only. Nothing was deleted.',
  },
  git_repository_empty: {
    kind: 'config',
    message: '{remote} has no commits, and documents of it are indexed',
    hint: 'Check `base_url`. If the repository was emptied on purpose, take the source out of the configuration. Nothing was deleted.',
  },
  git_repository_damaged: {
    kind: 'transient',
    message: 'The repository {remote} is damaged: {said}',
    hint: 'Run `git fsck` in that repository and restore what it names. Nothing was deleted.',
  },
  git_too_many_files: {
    kind: 'config',
    message: 'The repository, or one commit of its history, has more than {count} files',
    hint: 'If that is right, raise `max_files` of this source. Nothing was deleted.',
  },
  git_file_unservable: {
    kind: 'document',
    message: 'The repository does not give the content of this file (blob {blob}), while it gives others. {said}',
    hint: 'Run `git fsck` in the repository and restore the object. The next sync tries it again; what is indexed of it was kept.',
  },

  // The kept copy.
  git_copy_damaged: {
    kind: 'transient',
    message: 'The kept copy of {remote} is damaged and was removed',
    hint: 'Run the sync again: it makes a new copy. Nothing was deleted.',
  },
  git_copy_busy: {
    kind: 'transient',
    message: 'Another process has kept the lock of the repository copy for a day: {file}',
    hint: 'Wait for the other sync to end, or delete this file when no sync is running.',
  },
  git_blob_unreadable: {
    kind: 'document',
    message: '{path} cannot be read from the kept copy of {remote}',
    hint: 'Run the sync again: it makes a new copy.',
  },
} as const satisfies ErrorTable

export const gitError = errorsOf(GIT_CODES)
