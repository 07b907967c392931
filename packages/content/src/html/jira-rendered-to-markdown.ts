import { htmlToMarkdown } from './html-to-markdown.ts'

export interface JiraRenderedOptions {
  /** Base URL of the Jira server, against which relative links are resolved. */
  readonly baseUrl?: string
}

/**
 * Markdown of a `renderedFields` value of Jira Data Center. What belongs to other issues and changes without this one
 * (titles and struck-through keys of linked issues) is left out: an issue link is its key.
 */
export function jiraRenderedToMarkdown(html: string, options: JiraRenderedOptions = {}): string {
  return htmlToMarkdown(html, options)
}
