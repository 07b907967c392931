import { documentId } from '../site/url-form.ts'

/** A URL by whose form it shows another page in another way. */
export interface Twin {
  /** Ids of that page, the likeliest first. */
  readonly of: readonly string[]
  /** What has to be shown: nothing beyond the name; that it is one text in two forms; that the words are the same. */
  readonly proof: 'name' | 'alike' | 'same'
}

/** https://llmstxt.org: an index of the site, or all of it in one file. */
const LLMS = /^(.*\/)llms(?:-[a-z]{1,20})?\.(?:txt|md)$/i
/** Sphinx and Furo serve what a page was made of. */
const SOURCE = /^(.*\/)_sources\/(.+?)\.(?:rst|md|txt|ipynb|myst)(?:\.txt)?$/i
const TEXT = /^(.*?)\.(?:md|mdx|markdown|txt)$/i
const PRINT_PATH = /^(.*\/)_?print(?:able)?\/(.*)$|^(.*)\/print(?:able)?\/?$|^(.*)[-._]print(\.x?html?)$/i
const PRINT_QUERY = /^(?:(?:print|printable|printer|printview|print_view|printer_friendly)(?:=.*)?|(?:output|format|view|layout|mode|media|style)=(?:print|printable|printer))$/i
const PAGE = /\.x?html?$/i

/**
 * The page of which a URL shows another form: its source, its Markdown, a copy for printing, the same page with or
 * without `.html`. Undefined for what is a page by its form.
 *
 * @param isKnown whether a page with this id was met before
 */
export function twinOf(url: URL, start: URL, isKnown: (id: string) => boolean): Twin | undefined {
  const path = url.pathname
  const ids = (...paths: readonly string[]): readonly string[] => [...new Set(paths.map((one) => documentId(new URL(one, url))))]
  const others = (twin: Twin): Twin | undefined => {
    const of = twin.of.filter((id) => id !== documentId(url))
    return of.length === 0 ? undefined : { ...twin, of }
  }
  const print = withoutPrint(url)
  if (print !== undefined) return others({ of: [documentId(print)], proof: 'alike' })
  if (url.search !== '') return undefined
  const llms = LLMS.exec(path)
  if (llms !== null) return others({ of: [...ids(llms[1] ?? '/'), documentId(start)], proof: 'name' })
  const source = SOURCE.exec(path)
  if (source !== null) return others({ of: ids(...pagesOf(`${source[1]}${source[2]}`)), proof: 'name' })
  const text = TEXT.exec(path)?.[1]
  if (text !== undefined) return others({ of: ids(...pagesOf(text)), proof: 'alike' })
  const same = ids(...(PAGE.test(path) ? [path.replace(PAGE, '')] : [`${trimmed(path)}.html`, `${trimmed(path)}.htm`])).filter((id) => isKnown(id))
  return same.length === 0 ? undefined : others({ of: same, proof: 'same' })
}

/** Where the page may be whose text has this path, without its ending. */
function pagesOf(stem: string): readonly string[] {
  if (PAGE.test(stem)) return [stem]
  const folder = /^(.*\/)(?:index|readme)$/i.exec(stem)?.[1]
  return folder === undefined ? [`${stem}.html`, stem, `${stem}.htm`] : [`${stem}.html`, folder]
}

/** The URL of the page that a copy for printing is made of. */
function withoutPrint(url: URL): URL | undefined {
  const query = url.search.slice(1).split('&')
  const rest = query.filter((parameter) => !PRINT_QUERY.test(parameter))
  const page = new URL(url)
  page.search = rest.join('&')
  if (rest.length < query.length) return page
  const path = PRINT_PATH.exec(url.pathname)
  if (path === null) return undefined
  const [, before, behind, folder, name, ending] = path
  page.pathname = name !== undefined ? `${name}${ending ?? ''}` : folder !== undefined ? `${folder}/` : `${before ?? ''}${behind ?? ''}`
  return page
}

function trimmed(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}
