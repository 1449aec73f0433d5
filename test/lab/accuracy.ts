/**
 * For tests of how exactly something is measured in a lab. A machine that is busy with other things spoils samples, and
 * nothing that is measured then tells of the method: up to three more attempts with fresh samples, each of which must hold as
 * a whole.
 */
export const freshAttempts = { retry: 3 };
