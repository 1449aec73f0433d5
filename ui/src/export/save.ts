/** So long a browser may take until it has begun to write a file. */
const writtenMs = 60_000;

/** Gives a person a file, by a link that the page clicks: nothing is sent anywhere. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), writtenMs);
}
