export type { AdfMedia, AdfOptions, ResolvedMedia } from './adf/adf-options.ts'
export { adfToMarkdown } from './adf/adf-to-markdown.ts'
export { ADF_VERSION } from './adf/adf-version.ts'
export { HTML_VERSION } from './html/html-version.ts'
export { htmlToMarkdown, type HtmlToMarkdownOptions } from './html/html-to-markdown.ts'
export { jiraRenderedToMarkdown, type JiraRenderedOptions, type JiraRenderedUses } from './html/jira-rendered-to-markdown.ts'
export { toMarkdown } from './markdown/to-markdown.ts'
export { extractPage, type ExtractPageOptions } from './page/extract-page.ts'
export type { ExtractedPage } from './page/extracted-page.ts'
export { selectorProblem, type PageSelectors } from './page/selectors.ts'
export { decodeText, type DecodedText, type DecodeTextOptions } from './text/decode-text.ts'
export { excerptOf } from './storage/excerpt-of.ts'
export type {
  AttachmentReference,
  IncludeReference,
  PageReference,
  StorageReferences,
  UserReference,
} from './storage/references.ts'
export type { Included, StorageOptions } from './storage/storage-options.ts'
export { readStorage, type StorageBody, type StorageSource } from './storage/storage-body.ts'
export { storageReferences } from './storage/storage-references.ts'
export { storageToMarkdown, type StorageMarkdown } from './storage/storage-to-markdown.ts'
export { STORAGE_VERSION } from './storage/storage-version.ts'
