/** Changes whenever `adfToMarkdown` writes something else for the same document: part of what a document was made with. */
export const ADF_VERSION = 3
