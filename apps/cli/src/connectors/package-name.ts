import { cliError } from '../codes.ts'

/** Names that npm accepts for new packages: lower case, optionally scoped. Leaves no way to name a path or a URL. */
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/
const TYPE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/**
 * The package of a connector: `type: git` means `@qdrant-loader/connector-git`, and `package:` names any other one.
 * Paths, sub-paths and URLs are refused, so that only what was installed can run; a connector of one's own is
 * installed from its folder (`npm install ./my-connector`).
 *
 * @throws LoaderError `connector_name_invalid`
 */
export function connectorPackage(type: string, packageName: string | undefined): string {
  if (packageName === undefined) {
    if (TYPE.test(type)) return `@qdrant-loader/connector-${type}`
    throw cliError('connector_name_invalid/type', { type })
  }
  if (PACKAGE_NAME.test(packageName) && packageName.length <= 214) return packageName
  throw cliError('connector_name_invalid', { name: packageName })
}
