export { createOutbox, type Outbox, type OutboxFigures } from './outbox.ts';
