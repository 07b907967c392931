import { packageBuild } from '../../tooling/build/package-build.ts'

/** Parses Markdown, with what it imports itself. */
const MARKDOWN = ['markdown-it', 'entities', 'linkify-it', 'mdurl', 'punycode.js', 'uc.micro']

/** Entities and migrations, with what TypeORM imports itself. What it would load of other databases stays out. */
const TYPEORM = [
  'typeorm', '@sqltools/formatter', 'ansis', 'dayjs', 'debug', 'dedent', 'fdir', 'ms', 'picomatch', 'reflect-metadata', 'sql-highlight',
  'tinyglobby', 'tslib', 'has-flag', 'supports-color',
]

export default packageBuild({
  parts: {
    // The thread that writes the embedded store is a file of its own, beside the one that starts it.
    'writer-thread': 'src/store/embedded/writer-thread.ts',
    // Loaded when a text is first cut.
    'cl100k-base': 'src/chunking/cl100k-base.ts',
    'markdown-parser': 'src/chunking/markdown-parser.ts',
  },
  bundled: [...MARKDOWN, ...TYPEORM, '@qdrant/js-client-rest', '@qdrant/openapi-typescript-fetch', 'fastest-levenshtein', 'gpt-tokenizer', 'yaml', 'zod'],
  // Of the colours of a log that nobody turns on.
  unused: { debug: ['supports-color'] },
})
