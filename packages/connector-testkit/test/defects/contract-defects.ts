import { RIGHT } from '../shelf/shelf-connector.ts'
import type { Defects } from './defect.ts'

export const contractDefects: Defects = {
  'has a type that no configuration can name': { law: 'is of version 1 and has a type that can be a key', parts: { type: 'My Shelf' } },
  'takes any key': { law: 'accepts its configuration, and no key that it does not know', parts: { acceptsKey: () => true } },
  'does not mark its token as a secret': {
    law: 'marks each key that holds a secret',
    parts: { keys: { address: { type: 'string' }, token: { type: 'string' } } },
  },
  'puts the time into its fingerprints': {
    law: 'gives fingerprints that are plain data and depend on the configuration alone',
    parts: { fingerprints: () => ({ selection: performance.now(), extraction: 1 }) },
  },
  'puts its token into its fingerprints': {
    law: 'gives fingerprints that are plain data and depend on the configuration alone',
    parts: { fingerprints: ({ token }) => ({ selection: { token }, extraction: 1 }) },
  },
  'takes any cursor': { law: 'does not take a cursor that is none', parts: { acceptsCursor: () => true } },
  'refuses the cursors that it gives': {
    law: 'takes back the cursors that it gives',
    parts: { acceptsCursor: (value) => RIGHT.acceptsCursor(value) && 'version' in (value as object) },
  },
  'says that it judges and does not': { law: 'judges if and only if it says so', parts: { judge: undefined } },
  'says a paragraph when it is checked': {
    law: 'says in one line what it sees when it is checked',
    parts: { check: async (source, signal) => `${await RIGHT.check(source, signal)}\nwith everything that is on it` },
  },
}
