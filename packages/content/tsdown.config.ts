import { packageBuild } from '../../tooling/build/package-build.ts'

export default packageBuild({
  bundled: ['chardet', 'entities', 'linkify-it', 'markdown-it', 'mdurl', 'papaparse', 'punycode.js', 'smol-toml', 'uc.micro', 'yaml', 'zod'],
})
