/** Between the title of a page and the name of its site. */
const SEPARATOR = /\s+[|—–·•»«:-]{1,2}\s+|\s*[|»]\s*/

/**
 * The title of a document without the name of the site that most pages put before or behind it.
 *
 * @param siteName the site's own name, if the page gives it
 * @param heading the page's heading, if it has one
 */
export function titleWithoutSite(title: string, siteName: string | undefined, heading: string | undefined): string {
  const parts = title.split(SEPARATOR).map((part) => part.trim()).filter((part) => part !== '')
  if (parts.length < 2) return title
  if (heading !== undefined && parts.includes(heading)) return heading
  if (siteName !== undefined && parts.includes(siteName)) {
    const rest = parts.filter((part) => part !== siteName)
    return rest.length === 1 && rest[0] !== undefined ? rest[0] : title.slice(0, title.lastIndexOf(siteName)).replace(/[\s|—–·•»«:-]+$/, '') || title
  }
  const last = parts.at(-1) ?? ''
  return title.slice(0, title.lastIndexOf(last)).replace(/[\s|—–·•»«:-]+$/, '') || title
}
