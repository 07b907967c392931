import { asksVersion, sayVersion } from './version.ts'

// Asked for by scripts and by whoever reports a defect: nothing else is loaded for it.
if (asksVersion(process.argv.slice(2))) sayVersion()
else await import('./program.ts').then(({ runProgram }) => runProgram())
