/** What the keyboard does, for the help: where, which keys, and what. */
export const keyHelp: readonly {
  where: string;
  keys: readonly { keys: readonly string[]; does: string }[];
}[] = [
  {
    where: 'Everywhere',
    keys: [
      { keys: ['Ctrl K', '⌘ K', '/'], does: 'Find a page, location, member, service, path or action' },
      { keys: ['?'], does: 'This help' },
      { keys: ['Tab', 'Shift Tab'], does: 'To the next or previous control; its tooltip shows' },
      { keys: ['Escape'], does: 'Closes what is open, or goes back to where the page was opened' },
    ],
  },
  {
    where: 'Matrix',
    keys: [
      { keys: ['← ↑ ↓ →'], does: 'From cell to cell; the cell says value, age and why' },
      { keys: ['Home', 'End'], does: 'First and last cell of the row; with Ctrl of the matrix' },
      { keys: ['Enter'], does: 'Opens the pair of locations' },
      { keys: ['← →'], does: 'On the tabs above it: another kind of probe' },
    ],
  },
  {
    where: 'Members',
    keys: [{ keys: ['Enter'], does: 'On a name: keeps its facts open beside the card; again closes them' }],
  },
  {
    where: 'Service map',
    keys: [
      { keys: ['← ↑ ↓ →'], does: 'Move the map' },
      { keys: ['+', '−', '0'], does: 'Closer, further away, the whole map' },
      { keys: ['Tab'], does: 'After the map: its services and dependencies as lists' },
    ],
  },
  {
    where: 'Wall',
    keys: [
      { keys: ['→'], does: 'The next scene at once' },
      { keys: ['P'], does: 'Stays on this scene, or goes on' },
      { keys: ['Escape'], does: 'Leaves the wall' },
    ],
  },
];
