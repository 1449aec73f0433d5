/** Sizes of the map's world, in world pixels. */
export const cell = { width: 190, height: 62 };
export const card = { width: 156, height: 40 };
/** The card of a process tells more. */
export const wideCard = { width: 236, height: 40 };
export const padding = { side: 20, top: 44, bottom: 16 };
export const hostPadding = { side: 12, top: 42, bottom: 12 };
export const gap = 56;
export const cardGap = 12;
/** Between machines of a location. */
export const hostGap = 20;
