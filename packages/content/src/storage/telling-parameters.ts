/** Parameters of macros and apps that are shown as text, whatever the macro. */
export const TELLING_PARAMETERS = [
  'title', 'label', 'text', 'caption', 'heading', 'subtitle', 'question', 'description', 'message', 'alt', 'name', 'diagramName',
  'diagramDisplayName', 'filename', 'panelTitle',
]
