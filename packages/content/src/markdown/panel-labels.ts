/** What the kinds of panels are called in text. Custom panels, which have a colour and an icon only, have no label. */
export const PANEL_LABELS: ReadonlyMap<string, string> = new Map([
  ['info', 'Info'],
  ['note', 'Note'],
  ['tip', 'Tip'],
  ['warning', 'Warning'],
  ['error', 'Error'],
  ['success', 'Success'],
])
