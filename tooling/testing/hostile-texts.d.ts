import type { HostileText } from './growth.ts';
/** White space, brackets, signs and endless words, which mean something to many parsers and nothing to some. */
export declare const PLAIN_TEXTS: readonly HostileText[];
/** Markdown that has to be looked at from its beginning again and again by those who take it lightly. */
export declare const MARKDOWN_TEXTS: readonly HostileText[];
/** HTML and XML. */
export declare const HTML_TEXTS: readonly HostileText[];
/** Confluence's storage format. */
export declare const STORAGE_TEXTS: readonly HostileText[];
