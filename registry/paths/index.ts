export { createIngest, readReport, type Ingest, type ReadReport, type Taken } from './ingest.ts';
export type { KnownOfPaths } from './known.ts';
export { createKeptStates, keepStates, type KeptStates } from './kept-states.ts';
export { minuteMs, worseOf, type MinuteOfPath } from './minute.ts';
export { pathFigures } from './path-figures.ts';
export { createPathBook, type PathBook } from './path-book.ts';
export { createPicture, type Picture } from './picture.ts';
export { createReportFold } from './report-fold.ts';
