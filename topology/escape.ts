/** Half a surrogate pair, and whatever could move a cursor, hide text or turn it round. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from outside for a terminal or any other plain text: what could rewrite the line becomes `�`. */
export function escapeTerminal(text: string): string {
  return text.replace(invisible, '\ufffd');
}

/**
 * Text for a double-quoted DOT string. Graphviz reads `\N` and friends in labels and `&…;` everywhere, so both are
 * taken out of its hands.
 */
export function escapeDot(text: string): string {
  return escapeTerminal(text)
    .replace(/[&<>]/g, (one) => htmlEntities[one] as string)
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"');
}

const htmlEntities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return escapeTerminal(text).replace(/[&<>"']/g, (one) => htmlEntities[one] as string);
}

/**
 * Text for Markdown, in a paragraph or a table cell: it can neither format, link, embed HTML nor end the cell. Dots,
 * dashes and colons stay readable, except where they would make a bare link.
 */
export function escapeMarkdown(text: string): string {
  return escapeTerminal(text)
    .replace(/[&<>]/g, (one) => htmlEntities[one] as string)
    .replace(/[\\`*_{}[\]()#+!|~$@^=]/g, '\\$&')
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/www\./gi, (one) => `${one.slice(0, 3)}\\.`);
}

/** JSON that may stand inside a script element: no `<`, and none of the two line ends that old scripts stumble on. */
export function escapeJson(json: string): string {
  return json
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}
