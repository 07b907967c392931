export { convertPlain as convertOrg } from '../plain/convert-plain.ts'
