/** Inputs that nothing is typed into: while they have the focus, keys are meant for the page. */
const untyped = /^(range|checkbox|radio|button|submit|reset|color|file|image)$/;

/** Whether a key is meant for what is typed into. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || takesKeys(target.tagName, target.getAttribute('type'));
}

/** Whether an element of this name, and of this `type`, takes keys for itself: text, or the choice from a list. */
export function takesKeys(tagName: string, type: string | null): boolean {
  const tag = tagName.toLowerCase();
  if (tag === 'input') return !untyped.test(type?.toLowerCase() ?? 'text');
  return tag === 'textarea' || tag === 'select';
}
