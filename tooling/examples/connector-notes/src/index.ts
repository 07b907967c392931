export { connector, connector as default } from './plugin.ts'
export { NotesConfig } from './config.ts'
export { NotesCursor } from './cursor.ts'
