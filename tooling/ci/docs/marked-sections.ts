const SECTION = /(<!-- generated: ([a-z0-9._ -]+) -->\n)[\s\S]*?(<!-- end -->)/g

/** Names of the sections that a page leaves to the generator. */
export function sectionNames(page: string): readonly string[] {
  return [...page.matchAll(SECTION)].map(([, , name = '']) => name)
}

/**
 * Replaces what stands between `<!-- generated: NAME -->` and `<!-- end -->`; all else is written by hand and stays.
 *
 * @throws Error for a name that nothing is generated for.
 */
export function fillSections(page: string, sections: ReadonlyMap<string, string>): string {
  return page.replace(SECTION, (_, begin: string, name: string, end: string) => {
    const content = sections.get(name)
    if (content === undefined) throw new Error(`nothing is generated for the section "${name}"; there are: ${[...sections.keys()].join(', ')}`)
    return `${begin}\n${content.trim()}\n\n${end}`
  })
}
