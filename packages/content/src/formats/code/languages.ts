const EXTENSIONS: Readonly<Record<string, string>> = {
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

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  javascript: 'text/javascript',
  json: 'application/json',
  sql: 'application/sql',
  toml: 'application/toml',
  xml: 'application/xml',
  yaml: 'application/yaml',
}

const BY_EXTENSION: ReadonlyMap<string, string> = new Map(
  Object.entries(EXTENSIONS).flatMap(([language, extensions]) => extensions.split(' ').map((extension) => [extension, language] as const)),
)

/**
 * Programming language of a file, by its name or ending in lower case; undefined for other files.
 *
 * @param name without folders, lower case
 */
export function languageOf(name: string, extension: string): string | undefined {
  return Object.hasOwn(NAMES, name) ? NAMES[name] : BY_EXTENSION.get(extension)
}

/** MIME type of a file in this language. */
export function contentTypeOf(language: string): string {
  return CONTENT_TYPES[language] ?? `text/x-${language}`
}
