import { packageBuild } from '../../tooling/build/package-build.ts'

export default packageBuild({
  // What a run asks of each name, before any text is read, loads nothing else.
  entry: { index: 'src/index.ts', formats: 'src/formats/index.ts' },
  bundled: ['chardet', 'entities', 'linkify-it', 'markdown-it', 'mdurl', 'papaparse', 'punycode.js', 'smol-toml', 'uc.micro', 'yaml', 'zod'],
})
