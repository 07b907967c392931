/**
 * Version of what {@link htmlToMarkdown} and {@link extractPage} make of the same HTML. It rises whenever their result
 * may change, so a connector puts it into its extraction fingerprint.
 */
export const HTML_VERSION = 3
