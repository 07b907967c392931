/** Changes whenever `storageToMarkdown` writes something else for the same page: part of what a document was made with. */
export const STORAGE_VERSION = 3
