/** A command could not do what it was asked; the message says why and what to do, and is all that is shown. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}
