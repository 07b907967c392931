// A file of its own in the build, so that it can be loaded in the middle of what is synchronous.
export { countTokens } from 'gpt-tokenizer/encoding/cl100k_base'
