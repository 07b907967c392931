export { makePrivateFile, makePrivateFolder } from './private-files.ts'
