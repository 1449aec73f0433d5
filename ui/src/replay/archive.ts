/** Lines of JSON, packed as they come. */
export interface Archive {
  add(line: unknown): Promise<void>;
  /** How large it has become by now, bytes; what was added last may not be in it yet. */
  readonly bytes: number;
  /** Everything, as letters that mean nothing to HTML: `A–Z a–z 0–9 + / =`. */
  close(): Promise<string>;
  /** Ends it without its content. */
  drop(): void;
}

export function createArchive(): Archive {
  const packing = new CompressionStream('gzip');
  const writer = packing.writable.getWriter();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reading = (async () => {
    const reader = packing.readable.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      chunks.push(value);
      bytes += value.length;
    }
  })();
  // Whoever drops it does not wait for it.
  reading.catch(() => undefined);
  const encoder = new TextEncoder();
  return {
    add: (line) => writer.write(encoder.encode(`${JSON.stringify(line)}\n`)),
    get bytes() {
      return bytes;
    },
    async close() {
      await writer.close();
      await reading;
      return base64Of(chunks, bytes);
    },
    drop: () => void writer.abort().catch(() => undefined),
  };
}

/** The lines of what {@link Archive.close} gave. */
export async function linesOf(letters: string): Promise<string[]> {
  const packed = Uint8Array.from(atob(letters.trim()), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const text = await new Response(unpacked).text();
  return text.split('\n').filter((line) => line !== '');
}

/** Whole groups of three bytes, and no more than a function takes as arguments. */
const sliceBytes = 3 * 8_192;

function base64Of(chunks: readonly Uint8Array[], length: number): string {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  let letters = '';
  for (let from = 0; from < length; from += sliceBytes)
    letters += btoa(String.fromCharCode(...all.subarray(from, from + sliceBytes)));
  return letters;
}
