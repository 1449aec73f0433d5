/** The token that lets this page operate: entered once, kept for as long as the page is open and nowhere else. */
export const operatorToken = createOperatorToken();

function createOperatorToken() {
  let current = $state('');
  return {
    get current() {
      return current;
    },
    set current(token: string) {
      current = token;
    },
  };
}
