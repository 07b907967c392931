import { LoaderError } from '@qdrant-loader/connector-sdk'

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
    throw invalid(`'${type}' is no source type.`, 'Use lower-case letters, digits and dashes, such as git or public-docs.')
  }
  if (PACKAGE_NAME.test(packageName) && packageName.length <= 214) return packageName
  throw invalid(
    `'${packageName}' is no package name.`,
    "Under 'package', name an npm package (@scope/name). A folder of your own is installed first: npm install ./my-connector",
  )
}

function invalid(message: string, hint: string): LoaderError {
  return new LoaderError({ code: 'connector_name_invalid', kind: 'config', message, hint })
}
