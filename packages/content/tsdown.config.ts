import { packageBuild } from '../../tooling/build/package-build.ts'

export default packageBuild({
  // Converts what others' converters may be slow with.
  parts: { 'conversion-thread': 'src/formats/conversion-thread.ts' },
  bundled: ['@asciidoctor/core', 'chardet', 'entities', 'linkify-it', 'markdown-it', 'mdurl', 'papaparse', 'punycode.js', 'smol-toml', 'uc.micro', 'yaml', 'zod'],
})
