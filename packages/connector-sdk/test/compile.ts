import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const COMPILER = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')

/** What the compiler says of one mistake: a line that names the place, and those that explain it. */
export interface Diagnostic {
  /** The name of the program that it is about. */
  readonly program: string
  readonly lines: readonly string[]
}

/**
 * Compiles programs as strictly as a connector of this repository, each as a module of its own, with what a package here
 * can import. Nothing is compiled twice: give all programs at once.
 */
export async function compile(programs: Readonly<Record<string, string>>): Promise<readonly Diagnostic[]> {
  // Inside the repository, so that imports are found; where no tool looks for sources.
  const folder = await mkdtemp(join(ROOT, 'node_modules', '.compiled-'))
  try {
    const names = Object.keys(programs)
    await Promise.all(names.map((name) => writeFile(join(folder, `${name}.ts`), programs[name] ?? '')))
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tooling/tsconfig/base.json', compilerOptions, files: names.map((name) => `${name}.ts`) }))
    return diagnosticsIn(await outputOf(folder))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function outputOf(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // It ends with a status of its own when there are mistakes.
    execFile(process.execPath, [COMPILER, '--noEmit', '--pretty', 'false', '--project', 'tsconfig.json'], { cwd: folder }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error)
      else resolve(stdout + stderr)
    })
  })
}

function diagnosticsIn(output: string): readonly Diagnostic[] {
  const diagnostics: { program: string; lines: string[] }[] = []
  for (const line of output.split('\n').filter((text) => text.trim() !== '')) {
    const program = /^([^\s(]+)\.ts\(\d+,\d+\): error /.exec(line)?.[1]
    if (program !== undefined) diagnostics.push({ program, lines: [line] })
    else if (diagnostics.length > 0 && line.startsWith(' ')) diagnostics.at(-1)?.lines.push(line)
    else throw new Error(`the compiler says: ${line}`)
  }
  return diagnostics
}
