/** The version of registry, member and command line: one for all, as in the root `package.json`. */
export const version = '0.1.0';
