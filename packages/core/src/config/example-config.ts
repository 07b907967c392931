/** Name of the JSON Schema that `init` writes beside the configuration file. */
export const SCHEMA_FILE_NAME = 'qdrant-loader.schema.json'

const EXAMPLE = `# yaml-language-server: $schema=./${SCHEMA_FILE_NAME}
#
# Configuration of qdrant-loader. Values may refer to environment variables, from the environment or from a file
# named .env beside this one: \${NAME}, or \${NAME:-default}. Relative paths are relative to this file.
# What stands behind a key here is its default, where it has one.

global:
  # Where the points go. Without this section they go to an embedded store: one SQLite file, and no server.
  # qdrant:
  #   url: http://localhost:6333
  #   api_key: \${QDRANT_API_KEY:-}
  #   collection_name: qdrant_loader

  # What turns text into vectors: "local" works offline with a model that comes with the program, "openai" is every
  # server with an OpenAI-compatible interface.
  embedding:
    provider: local
    # provider: openai
    # model: text-embedding-3-small
    # base_url: https://api.openai.com/v1
    # api_key: \${OPENAI_API_KEY}

  # In tokens.
  chunking:
    chunk_size: 512
    chunk_overlap: 0

  logging:
    level: info # debug, info, warn or error
    format: text # or json

  # The memory of what was ingested. Default: in your state folder.
  # state_management:
  #   database_path: ./qdrant-loader-state.db

  change_detection:
    interval: 5m # how often \`sync --watch\` looks
    # More deletions than this share and than this number at once are held until \`--allow-mass-delete\`.
    max_delete_ratio: 0.25
    max_delete_count: 25

  # ingestion:
  #   batch:
  #     size: 250
  #   parallel:
  #     max_workers: 8
  # retry:
  #   attempts: 3
  #   rate_limit_patience: 10m # how long a server that answers 429 is waited for

# What to read, by type and by a name of your choice.
sources:
  git:
    SOURCE_NAME:
      base_url: SOURCE_URL # a path or the URL of a repository
      # branch: main
      # include_paths: ["docs/**"]
      # file_types: ["*.md"]
      # token: \${GIT_TOKEN}

  # Each of these needs its package: npm install @qdrant-loader/connector-public-docs (or -confluence, -jira).
  # public-docs:
  #   manual:
  #     base_url: https://docs.example.com/manual/
  # confluence:
  #   space:
  #     base_url: https://example.atlassian.net
  #     space_key: DOCS
  #     email: me@example.com
  #     token: \${CONFLUENCE_TOKEN}
  # jira:
  #   project:
  #     base_url: https://example.atlassian.net
  #     project_key: TEAM
  #     email: me@example.com
  #     token: \${JIRA_TOKEN}

# Several projects instead of one:
# projects:
#   handbook:
#     display_name: Handbook
#     sources:
#       git:
#         pages:
#           base_url: https://example.com/handbook.git
`

/** What the example reads. */
export interface ExampleOptions {
  /** URL or path of a repository; `.` unless given. */
  readonly repository?: string
  /** Name of the source; `repository` unless given. */
  readonly source?: string
}

/** A commented configuration for a Git repository, as `init` writes it. It is valid as it stands. */
export function exampleConfig({ repository = '.', source = 'repository' }: ExampleOptions = {}): string {
  // JSON texts are YAML texts, whatever is in them; what looks like a reference has to stay literal.
  const url = /^[A-Za-z0-9._/][A-Za-z0-9._/~@:+-]*$/.test(repository) ? repository : JSON.stringify(repository.replaceAll('${', () => '$${'))
  return EXAMPLE.replace('SOURCE_NAME', () => source).replace('SOURCE_URL', () => url)
}
