/** Text from outside, made harmless for a terminal: whatever could move the cursor, hide or reorder text becomes `�`. */
export function terminalText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
