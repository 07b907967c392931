import { packageBuild } from '../../tooling/build/package-build.ts'

/** Selects elements, with what it imports itself. */
const SELECTING = ['cheerio', 'cheerio-select', 'css-select', 'boolbase', 'css-what', 'dom-serializer', 'domelementtype', 'domutils', 'htmlparser2', 'nth-check']
/** Reads bytes and HTML. */
const READING = [
  'character-entities', 'decode-named-character-reference', 'domhandler', 'iconv-lite', 'parse5', 'parse5-htmlparser2-tree-adapter', 'safer-buffer',
]

export default packageBuild({
  // Converts what others' converters may be slow with.
  parts: { 'conversion-thread': 'src/formats/conversion-thread.ts' },
  bundled: [...SELECTING, ...READING, '@asciidoctor/core', 'chardet', 'entities', 'linkify-it', 'markdown-it', 'mdurl', 'papaparse', 'punycode.js', 'smol-toml', 'uc.micro', 'yaml', 'zod'],
})
