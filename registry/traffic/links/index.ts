export { createLinkBook, noting, type LinkBook } from './link-book.ts';
export type { LinkFilter, LinkView } from './link-view.ts';
export { linkReport, type LinkReportInput } from './report.ts';
export { createLinks, type Links } from './room.ts';
export { linkSettings } from './settings.ts';
export { mostWatchers } from './watcher-desk.ts';
