export { redactValue } from './redact-value.ts'
export type { Secret } from './secret-forms.ts'
export { SecretVault } from './secret-vault.ts'
export { urlSecrets } from './url-secrets.ts'
