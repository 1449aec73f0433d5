export { createBlameJudge, type BlameJudge } from './judge.ts';
export { createUsualKeeper, type UsualKeeper } from './keep-usual.ts';
