import { readXml, type XmlElement } from './read-xml.ts'

/** A page, or an excerpt of one, in storage format that was parsed: everything that is asked about it asks this. */
export interface StorageBody {
  readonly root: XmlElement
}

/** Storage format as it came, or parsed already. */
export type StorageSource = string | StorageBody

/** Parses storage format, in time linear in its length. Never throws. */
export function readStorage(storage: StorageSource): StorageBody {
  return typeof storage === 'string' ? { root: readXml(storage) } : storage
}
