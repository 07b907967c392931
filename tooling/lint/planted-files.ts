import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')

interface LintConfig {
  readonly jsPlugins: readonly { readonly name: string; readonly specifier: string }[]
  readonly overrides: readonly { readonly rules: object }[]
}

/** A folder with the repository's rules, in which a test plants what the linter is to refuse. */
export class PlantedFiles {
  readonly #folder = mkdtempSync(join(tmpdir(), 'planted-'))

  /**
   * @param plugin one plugin of ours; the others stay out, as loading them takes longer than linting a few files
   * @param rules overrides that have one of these rules are kept
   */
  constructor(plugin: string, rules: readonly string[]) {
    const { jsPlugins, overrides, ...config } = JSON.parse(readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8')) as LintConfig
    const plugins = jsPlugins.filter(({ name }) => name === plugin).map(({ name, specifier }) => ({ name, specifier: join(ROOT, specifier) }))
    const kept = overrides.filter((override) => rules.some((rule) => rule in override.rules))
    writeFileSync(join(this.#folder, '.oxlintrc.json'), JSON.stringify({ ...config, jsPlugins: plugins, overrides: kept }))
    symlinkSync(join(ROOT, 'node_modules'), join(this.#folder, 'node_modules'))
  }

  /** What the linter says of these files, a line for each problem. They are gone afterwards. */
  lint(files: Readonly<Record<string, string>>): string {
    const paths = Object.keys(files)
    for (const path of paths) {
      mkdirSync(dirname(join(this.#folder, path)), { recursive: true })
      writeFileSync(join(this.#folder, path), files[path] ?? '')
    }
    try {
      return spawnSync(process.execPath, [join(ROOT, 'node_modules/oxlint/bin/oxlint'), ...paths, '--format', 'unix'], { cwd: this.#folder, encoding: 'utf8' }).stdout
    } finally {
      for (const path of paths) rmSync(join(this.#folder, path))
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
