import { createLocalEmbedder } from './src/index.ts'

// Prints chunks a second, by number of worker threads and length of the text. Run it on an idle machine:
//   node packages/embedder-local/throughput.ts

const VOCABULARY = 'a file was changed in the repository and its points are written again before the cursor moves on'.split(' ')
const INPUTS = 60

function text(words: number, seed: number): string {
  return Array.from({ length: words }, (_, at) => VOCABULARY[(at * 7 + seed * 13) % VOCABULARY.length]).join(' ')
}

for (const workers of [1, 2, 4]) {
  const embedder = createLocalEmbedder({ workers })
  const { signal } = new AbortController()
  await embedder.embed(Array.from({ length: workers }, (_, at) => `load the model ${at}`), signal)
  for (const words of [25, 80, 300]) {
    const inputs = Array.from({ length: INPUTS }, (_, at) => text(words, at))
    const started = performance.now()
    await embedder.embed(inputs, signal)
    const rate = (INPUTS * 1000) / (performance.now() - started)
    console.log(`${workers} workers, ${words} words: ${rate.toFixed(1)} inputs/s`)
  }
  await embedder.close()
}
