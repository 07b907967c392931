import { secretForms } from './secret-forms.ts'
import type { Secret } from './secret-forms.ts'
import { userInfosIn } from './url-user-info.ts'

/** What stands in the place of a secret. */
export const REDACTED = '***'

/** So many characters of a secret in a row are taken out wherever they are: a server, or a limit of ours, may have cut the rest. */
const PART = 8
/** Shorter secrets are parts of ordinary words, so they count only where they stand alone. */
const SHORT = 6
/** From this length on a secret is no word, and with letters and digits from the other one. */
const LONG = 20
const MIXED = 12
const FILTER_SIZE = 1 << 16

/** Base64 in either alphabet, also as it stands in a URL. */
const BASE64 = /[A-Za-z0-9+/_=%-]/
const WORD = /[\p{L}\p{N}]/u

/**
 * Knows every secret of a process and every form of it: as it is, in base64 and base64url (also as the password of a
 * basic authentication, and inside a longer text), escaped for URLs, JSON and HTML, and in hexadecimal. Of every form,
 * 8 characters in a row suffice. User names and passwords inside URLs count although nobody named them.
 *
 * What others wrote (servers, programs) goes through {@link redact} before it is cut, stored, printed or thrown. The
 * time is linear in the text, whatever the text and however many secrets there are.
 */
export class SecretVault {
  /** Whole forms that are shorter than a part, by their length. */
  readonly #short = new Map<number, Set<string>>()
  /** Every part of every form, and whether the form is base64. */
  readonly #parts = new Map<string, boolean>()
  /** Forms of secrets that are no ordinary words. */
  readonly #whole: string[] = []
  /** Says for most texts without a secret that no part can begin here. */
  readonly #filter = new Uint8Array(FILTER_SIZE)

  constructor(secrets: Iterable<Secret> = []) {
    this.add(secrets)
  }

  /** From now on these are secrets, too. Empty ones are nothing. */
  add(secrets: Iterable<Secret>): void {
    for (const secret of secrets) {
      const { written, base64 } = secretForms(secret)
      for (const form of written) this.#know(form, false)
      for (const form of base64) if (form.length >= SHORT) this.#know(form, true)
      if (isUnmistakable(secret)) this.#whole.push(...written, ...base64.filter((form) => form.length >= LONG))
    }
  }

  /** The text with {@link REDACTED} for each stretch of it that is a secret or a part of one. */
  readonly redact = (text: string): string => {
    const output: string[] = []
    let written = 0
    let hidden: Stretch | undefined
    const flush = (): void => {
      if (hidden === undefined) return
      output.push(text.slice(written, hidden.start), REDACTED)
      written = hidden.end
    }
    for (const stretch of this.#stretches(text)) {
      if (hidden !== undefined && stretch.start <= hidden.end) {
        hidden = { start: Math.min(hidden.start, stretch.start), end: Math.max(hidden.end, stretch.end) }
      } else {
        flush()
        hidden = stretch
      }
    }
    if (hidden === undefined) return text
    flush()
    output.push(text.slice(written))
    return output.join('')
  }

  /**
   * True when the text holds a whole secret, in any form: of at least 20 characters, or 12 with letters and digits, so
   * that ordinary words are none; of what may be a name, 20 with letters and digits.
   */
  readonly holds = (text: string): boolean => this.#whole.length > 0 && this.#hasPart(text) && this.#whole.some((form) => text.includes(form))

  /** Most texts have none, and are looked through once. */
  #hasPart(text: string): boolean {
    for (let at = 0; at + PART <= text.length; at += 1) {
      if (this.#filter[filterIndex(text, at)] === 1 && this.#parts.has(text.slice(at, at + PART))) return true
    }
    return false
  }

  #know(form: string, base64: boolean): void {
    if (form.length < PART) {
      this.#short.set(form.length, (this.#short.get(form.length) ?? new Set()).add(form))
      return
    }
    for (let at = 0; at + PART <= form.length; at += 1) {
      const part = form.slice(at, at + PART)
      this.#parts.set(part, base64 && this.#parts.get(part) !== false)
      this.#filter[filterIndex(part, 0)] = 1
    }
  }

  /** In the order of their starts. They may overlap. */
  *#stretches(text: string): Generator<Stretch> {
    const infos = userInfosIn(text)
    let info = infos.next()
    let hiddenTo = 0
    for (let at = 0; at < text.length; at += 1) {
      while (info.done !== true && info.value.start <= at) {
        yield info.value
        hiddenTo = Math.max(hiddenTo, info.value.end)
        info = infos.next()
      }
      const stretch = this.#at(text, at, hiddenTo)
      if (stretch === undefined) continue
      yield stretch
      hiddenTo = Math.max(hiddenTo, stretch.end)
    }
  }

  /** What begins here. `hiddenTo`: up to here the text is hidden already, so nothing is looked for before it. */
  #at(text: string, at: number, hiddenTo: number): Stretch | undefined {
    if (at + PART <= text.length && this.#filter[filterIndex(text, at)] === 1) {
      const base64 = this.#parts.get(text.slice(at, at + PART))
      if (base64 === true && at + PART > hiddenTo) return base64Around(text, at, hiddenTo)
      if (base64 !== undefined) return { start: at, end: at + PART }
    }
    for (const [length, forms] of this.#short) {
      if (forms.has(text.slice(at, at + length)) && (length >= SHORT || standsAlone(text, at, at + length))) return { start: at, end: at + length }
    }
    return undefined
  }
}

function isUnmistakable({ value, mayBeName = false }: Secret): boolean {
  const secret = value.trim()
  const isMixed = /\p{L}/u.test(secret) && /\p{N}/u.test(secret)
  return mayBeName ? secret.length >= LONG && isMixed : secret.length >= LONG || (secret.length >= MIXED && isMixed)
}

interface Stretch {
  readonly start: number
  readonly end: number
}

/** The whole run: at its edges, one character of base64 holds some bits of the secret and some of its neighbour. */
function base64Around(text: string, at: number, from: number): Stretch {
  let start = at
  while (start > from && BASE64.test(text.charAt(start - 1))) start -= 1
  let end = at + PART
  while (end < text.length && BASE64.test(text.charAt(end))) end += 1
  return { start, end }
}

function standsAlone(text: string, start: number, end: number): boolean {
  return !(start > 0 && WORD.test(text.charAt(start - 1))) && !(end < text.length && WORD.test(text.charAt(end)))
}

function filterIndex(text: string, at: number): number {
  const code = Math.imul(text.charCodeAt(at), 0x9e3779b1) ^ Math.imul(text.charCodeAt(at + 3), 0x85ebca6b) ^ Math.imul(text.charCodeAt(at + 7), 0xc2b2ae35)
  return (code >>> 8) & (FILTER_SIZE - 1)
}
