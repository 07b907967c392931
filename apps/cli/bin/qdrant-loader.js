#!/usr/bin/env node
// Only what every Node knows: nothing native may be loaded before the version is known to fit (better-sqlite3 ends the
// whole process on a Node that it was not built for).
const REQUIRED = [22, 18]
const found = process.versions.node.split('.').map(Number)

if (found[0] < REQUIRED[0] || (found[0] === REQUIRED[0] && found[1] < REQUIRED[1])) {
  const message = `qdrant-loader needs Node.js ${REQUIRED.join('.')} or newer, and this is ${process.versions.node} (${process.execPath}).`
  const hint = 'Run it with a newer one: npx -y -p node@24 -p @qdrant-loader/cli qdrant-loader … , or install Node.js 24 from https://nodejs.org.'
  process.stderr.write(`Error: ${message}\nTo fix it: ${hint}\n`)
  if (process.argv.includes('--json')) {
    const error = { code: 'node_too_old', kind: 'config', message, hint }
    process.stdout.write(`${JSON.stringify({ status: 'failed', exit_code: 2, error })}\n`)
  }
  process.exitCode = 2
} else {
  // Before anything is made: for this user alone, as all that follows.
  process.umask(0o077)
  // Taken from the process, since an import of them loads more than is used; an old Node knows no such function.
  const [module, os, path] = ['module', 'os', 'path'].map((name) => process.getBuiltinModule(name))
  // Saves a sixth of the start. In a folder of the user's own, since what lies there is run.
  module.enableCompileCache(path.join(cacheFolder(os, path), 'qdrant-loader', 'compile-cache'))
  import('../dist/main.js').catch((error) => {
    process.stderr.write(`Error: qdrant-loader could not be loaded: ${error.message}\nTo fix it: install it again (npm install @qdrant-loader/cli), or build it (pnpm run build).\n`)
    process.exitCode = 70
  })
}

function cacheFolder(os, path) {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env
  if (process.platform === 'win32') return local || path.join(os.homedir(), 'AppData', 'Local')
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches')
  return xdg && path.isAbsolute(xdg) ? xdg : path.join(os.homedir(), '.cache')
}
