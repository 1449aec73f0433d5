/** Below this any body is harmless, whatever it holds. */
const harmlessBytes = 512 * 1024;
/** Spans have lists of attributes with values, which may be lists themselves; nobody's are deeper. */
const deepest = 64;
/** Twice what 8 MiB of usual spans have. Each costs some 60 bytes, or 90 in a list of lists. */
const mostParts = 500_000;

const [quote, backslash, openList, closeList, openObject, closeObject] = [...'"\\[]{}'].map((one) =>
  one.charCodeAt(0),
);

/**
 * Whether a text of JSON may be parsed: not nested deeper, and not of more objects and lists, than spans are. Eight
 * megabytes of brackets would become seven hundred of lists. Says nothing of whether it is JSON.
 */
export function isParseable(bytes: Uint8Array): boolean {
  if (bytes.length <= harmlessBytes) return true;
  let [depth, parts, isText] = [0, 0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (isText) {
      if (byte === backslash) at++;
      else if (byte === quote) isText = false;
    } else if (byte === quote) isText = true;
    else if (byte === openObject || byte === openList) {
      if (++depth > deepest || ++parts > mostParts) return false;
    } else if (byte === closeObject || byte === closeList) depth--;
  }
  return true;
}
