import type { SearchHit } from '@qdrant-loader/core/store'
import { expect, test } from 'vitest'
import { createPaint } from '../output/paint.ts'
import { renderHits } from './render-hits.ts'
import { renderPlan } from './render-plan.ts'
import { emptySyncReport } from './empty-report.ts'

const paint = createPaint(false)
const UNSAFE = /[\p{Cc}\u202e]/u

test('nothing that was indexed can draw on the terminal', () => {
  const evil = 'x\u001b[2J\u009b2J\u202e\r\u0007'
  const payload = { title: evil, heading_path: [evil, 'b'], url: evil, content: `${evil}\nsecond`, project_id: 'default', source_type: 'git', source: 'a' }
  const text = renderHits([{ id: '1', score: 0.5, payload } as unknown as SearchHit], 80, paint)
  expect(text).toContain('second')
  expect(text.replaceAll('\n', '')).not.toMatch(UNSAFE)
})

test('a document whose name holds a line break or marks that reorder text passes for no other', () => {
  const points = { upserted: 1, payload_updated: 0, deleted: 0 }
  const change = { document_id: 'a\nError: b\u202e.md', action: 'update', reason: 'r\u001b[2J', from: 'c\u0007', points } as const
  const source = { ...emptySyncReport(false, true).totals, project: 'default', source_type: 'git', source: 'a', error: null, changes: [change] }
  const text = renderPlan([source as never], paint)
  expect(text).toBe('git/a\n  update  "c\\u0007" -> "a\\nError: b\\u202e.md" (r\\u001b[2J)\n\n')
})
