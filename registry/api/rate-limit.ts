export { createRateLimit, type RateLimit } from '@netring/service/rate-limit';
