/** Where the recording stands in the page: nothing runs it, and nothing in it can end it. */
export const dataId = 'netring-replay';
/** In the viewer that the registry serves, the place of the recording. */
export const dataPlace = `<script type="text/plain" id="${dataId}"></script>`;

/** The viewer with a recording in it. Throws when it is no viewer, or `letters` are more than letters. */
export function pageWith(viewer: string, letters: string): string {
  if (!/^[A-Za-z0-9+/=]*$/.test(letters))
    throw new Error('A recording must be packed before it goes into a page.');
  const [before, after, ...more] = viewer.split(dataPlace);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error('What the registry serves as the viewer of replays is none.');
  return `${before}${dataPlace.replace('></', `>${letters}</`)}${after}`;
}
