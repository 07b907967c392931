export { toMarkdown } from './markdown/to-markdown.ts'
