import { expect, test } from 'vitest'
import { withoutImports } from './node-builtins.ts'

test.each([
  ['import { join } from "node:path";', 'const { join } = globalThis.process.getBuiltinModule("node:path");'],
  ['import { a as b, c } from "node:fs/promises";', 'const { a: b, c } = globalThis.process.getBuiltinModule("node:fs/promises");'],
  ['import process from "node:process";', 'const process = globalThis.process.getBuiltinModule("node:process");'],
  ['import * as fs$1 from "node:fs";', 'const fs$1 = globalThis.process.getBuiltinModule("node:fs");'],
  [
    'import fs, { statSync } from "node:fs";',
    'const fs = globalThis.process.getBuiltinModule("node:fs"), { statSync } = globalThis.process.getBuiltinModule("node:fs");',
  ],
])('%s', (statement, expected) => {
  expect(withoutImports(`// before\n${statement}\nrest()`)).toBe(`// before\n${expected}\nrest()`)
})

test.each(['import { z } from "zod";', 'import "node:fs";', 'import { default as fs } from "node:fs";', 'const text = `import a from "node:fs";`', 'export { join } from "node:path";'])('left as it is: %s', (code) => {
  expect(withoutImports(code)).toBe(code)
})
