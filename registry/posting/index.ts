export { post, Unanswered, type Post, type Posted } from './post.ts';
export { signatureOf } from './signature.ts';
