export { openRehearsal } from './open-rehearsal.ts'
