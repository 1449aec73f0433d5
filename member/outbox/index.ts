export type { RecordKind, ReportRecords } from './records.ts';
export { createOutbox, type Outbox, type OutboxFigures } from './outbox.ts';
