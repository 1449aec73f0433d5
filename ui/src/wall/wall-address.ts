/** Whether the query of an address asks for the wall: `?wall`, whatever its value but `0`. */
export function asksForWall(search: string): boolean {
  const given = new URLSearchParams(search).get('wall');
  return given !== null && given !== '0';
}

export function withWall(search: string): string {
  const rest = withoutWall(search);
  return rest === '' ? '?wall' : `${rest}&wall`;
}

export function withoutWall(search: string): string {
  const rest = new URLSearchParams(search);
  rest.delete('wall');
  return rest.size === 0 ? '' : `?${rest.toString()}`;
}
