import { ScriptedSource } from './scripted-source.ts'

/** What is there before the run that gets killed. */
function firstPhase(source: ScriptedSource): void {
  for (let index = 0; index < 8; index += 1) source.put(`doc${index}`, paragraphs(index, 6))
  source.put('page', { text: 'before {{part}} after', dependsOn: ['part'], version: '1' })
  source.put('part', 'the old part')
}

/** What the killed run has to do: every kind of effect. */
function secondPhase(source: ScriptedSource): void {
  source.put('doc0', paragraphs(0, 6).replace('paragraph 2', 'another paragraph'))
  source.put('doc1', paragraphs(1, 2))
  source.put('doc2', { text: paragraphs(2, 6), title: 'A title' })
  source.put('new', paragraphs(9, 3))
  source.delete('doc3')
  source.move('doc4', 'moved')
  source.put('part', 'the new part')
}

/** What happens in the source before the next run; some of the second phase is taken back, unseen. */
function thirdPhase(source: ScriptedSource, variant: number): void {
  if (variant === 1) {
    source.put('doc0', paragraphs(0, 6))
    source.put('doc1', paragraphs(1, 6))
    source.delete('new')
    source.put('doc3', paragraphs(3, 6))
  }
  if (variant === 2) {
    source.delete('doc0')
    source.move('moved', 'doc4')
    source.put('doc2', paragraphs(2, 1))
  }
}

function paragraphs(document: number, count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `paragraph ${index} of document ${document}, with words enough to make it a chunk of its own when chunks are small`,
  ).join('\n\n')
}

/** The source after the first `phases` phases. */
export function scriptedSource(phases: 1 | 2 | 3, variant = 0): ScriptedSource {
  const source = new ScriptedSource()
  firstPhase(source)
  if (phases > 1) secondPhase(source)
  if (phases > 2) thirdPhase(source, variant)
  return source
}

/** Small chunks and batches, so that there are many moments to be killed at. */
export const CRASH_SETTINGS = { batchSize: 2, chunking: { chunkSize: 32, chunkOverlap: 0 } }
