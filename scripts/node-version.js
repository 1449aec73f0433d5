const needed = [20, 19];

/** Ends the process with a clear word when this Node is too old for Netring. */
export function demandNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return;
  process.stderr.write(
    `Netring needs Node ${needed.join('.')} or newer, and this is ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer one, for instance from https://nodejs.org/en/download, and try again.\n',
  );
  process.exit(1);
}
