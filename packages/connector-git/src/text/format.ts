import type { TextFormat } from '@qdrant-loader/connector-sdk'

/** How a file is cut and what it is called, decided by its name alone, so that a rename can be judged without content. */
export interface FileFormat {
  readonly format: TextFormat
  readonly language?: string
  readonly contentType: string
}

const MARKDOWN = ['md', 'markdown', 'mdx', 'mdown', 'mkd', 'mkdn']

const LANGUAGES: Readonly<Record<string, string>> = {
  bash: 'sh bash zsh ksh bats',
  c: 'c h',
  clojure: 'clj cljs cljc edn',
  cmake: 'cmake',
  cpp: 'cc cpp cxx c++ hh hpp hxx ipp inl',
  csharp: 'cs csx',
  css: 'css',
  d: 'd',
  dart: 'dart',
  elixir: 'ex exs',
  elm: 'elm',
  erlang: 'erl hrl',
  fish: 'fish',
  fortran: 'f f90 f95 f03 for',
  fsharp: 'fs fsi fsx',
  go: 'go',
  graphql: 'graphql gql',
  groovy: 'groovy gradle',
  haskell: 'hs lhs',
  hcl: 'hcl tf tfvars',
  java: 'java',
  javascript: 'js mjs cjs jsx',
  json: 'json jsonc json5 webmanifest',
  julia: 'jl',
  kotlin: 'kt kts',
  less: 'less',
  lisp: 'lisp lsp cl el',
  lua: 'lua',
  nim: 'nim',
  nix: 'nix',
  ocaml: 'ml mli',
  perl: 'pl pm',
  php: 'php phtml',
  powershell: 'ps1 psm1 psd1',
  protobuf: 'proto',
  python: 'py pyi pyw pyx',
  r: 'r',
  ruby: 'rb rake gemspec',
  rust: 'rs',
  scala: 'scala sc sbt',
  scheme: 'scm ss rkt',
  scss: 'scss sass',
  sql: 'sql',
  svelte: 'svelte',
  swift: 'swift',
  toml: 'toml',
  typescript: 'ts mts cts tsx',
  vue: 'vue',
  xml: 'xml xsd xsl xslt svg plist csproj props targets',
  yaml: 'yaml yml',
  zig: 'zig',
}

const NAMES: Readonly<Record<string, string>> = {
  dockerfile: 'dockerfile',
  containerfile: 'dockerfile',
  makefile: 'makefile',
  gnumakefile: 'makefile',
  'cmakelists.txt': 'cmake',
  jenkinsfile: 'groovy',
  gemfile: 'ruby',
  rakefile: 'ruby',
  vagrantfile: 'ruby',
  'build.bazel': 'python',
}

const TEXT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  rst: 'text/x-rst',
  adoc: 'text/asciidoc',
  asciidoc: 'text/asciidoc',
  org: 'text/org',
  tex: 'text/x-tex',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  javascript: 'text/javascript',
  json: 'application/json',
  sql: 'application/sql',
  toml: 'application/toml',
  xml: 'application/xml',
  yaml: 'application/yaml',
}

const BY_EXTENSION: ReadonlyMap<string, FileFormat> = new Map([
  ...MARKDOWN.map((extension) => [extension, { format: 'markdown', contentType: 'text/markdown' }] as const),
  ...Object.entries(TEXT_TYPES).map(([extension, contentType]) => [extension, { format: 'text', contentType }] as const),
  ...Object.entries(LANGUAGES).flatMap(([language, extensions]) =>
    extensions.split(' ').map((extension) => [extension, code(language)] as const),
  ),
])

function code(language: string): FileFormat {
  return { format: 'code', language, contentType: CONTENT_TYPES[language] ?? `text/x-${language}` }
}

const PLAIN: FileFormat = { format: 'text', contentType: 'text/plain' }

/** The format of a file by its name or extension; anything else is plain text. */
export function formatOf(path: string): FileFormat {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const language = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
  if (language !== undefined) return code(language)
  const dot = name.lastIndexOf('.')
  return (dot > 0 ? BY_EXTENSION.get(name.slice(dot + 1)) : undefined) ?? PLAIN
}
