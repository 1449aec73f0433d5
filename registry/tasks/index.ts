export { createTasks, type TaskRecord, type Tasks } from './tasks.ts';
