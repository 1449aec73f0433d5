import type { LinkChange } from './link.ts';
import type { Conditions } from './network.ts';

/** Which link, and towards which end only, where the line says so. */
export type LinkChoice = { a: string; b: string; name: string | undefined; towards: string | undefined };

/** A line of the lab's prompt, understood. */
export type Command =
  | { kind: 'set'; link: LinkChoice; change: LinkChange }
  | { kind: 'heal'; link: LinkChoice }
  | { kind: 'show' | 'help' | 'quit' | 'nothing' }
  | { kind: 'exec'; host: string; script: string }
  | { kind: 'expose'; host: string; port: number }
  | { kind: 'wrong'; reason: string };

export const commandHelp = `\
cut A B                 drop everything between two neighbours
delay A B MS            delay each packet by so much: the round trip grows by twice that
jitter A B MS           vary the delay by up to so much
loss A B RATIO          lose so many: 0.1 is one in ten
rate A B MBIT|off       carry so much and no more
heal A B                back to what the file says
                        all of these: "... to B" for one direction only, "... link NAME" for one of parallel links
show                    every link, its conditions and what it has carried
exec HOST COMMAND       run a shell command inside a host
expose HOST PORT        lead a port of 127.0.0.1 to a port of a host
help, quit`;

/** For each verb with a value, what the value changes. */
const changes: Record<string, (value: string) => LinkChange> = {
  delay: (value) => ({ delayMs: Number(value) }),
  jitter: (value) => ({ jitterMs: Number(value) }),
  loss: (value) => ({ lossRatio: Number(value) }),
  rate: (value) => ({ rateMbit: value === 'off' ? null : Number(value) }),
};

function wrong(usage: string): Command {
  return { kind: 'wrong', reason: `expected: ${usage}` };
}

/** Takes `to END` and `link NAME` out of the words of a line. */
function takeOption(words: string[], option: string): string | undefined {
  const at = words.indexOf(option, 3);
  return at === -1 ? undefined : words.splice(at, 2)[1];
}

function parseLinkCommand(verb: string, words: string[]): Command {
  const rest = [...words];
  const [towards, name] = [takeOption(rest, 'to'), takeOption(rest, 'link')];
  const [, a, b, value, ...more] = rest;
  const change = changes[verb];
  const usage = `${verb} A B${change === undefined ? '' : ' VALUE'} [to END] [link NAME]`;
  const complete = a !== undefined && b !== undefined && more.length === 0;
  if (!complete || (value === undefined) !== (change === undefined)) return wrong(usage);
  const link = { a, b, name, towards };
  if (verb === 'heal') return { kind: 'heal', link };
  return { kind: 'set', link, change: change === undefined ? { cut: true } : change(value ?? '') };
}

/** Understands a line; says what it expected where it cannot. */
export function parseCommand(line: string): Command {
  const words = line.trim().split(/\s+/);
  const [verb = '', host] = words;
  if (verb === '') return { kind: 'nothing' };
  if (verb === 'show' || verb === 'help' || verb === 'quit') return { kind: verb };
  if (verb === 'cut' || verb === 'heal' || Object.hasOwn(changes, verb)) return parseLinkCommand(verb, words);
  if (verb === 'exec') {
    const script = /^\s*exec\s+\S+\s+(.+)$/.exec(line)?.[1];
    return host === undefined || script === undefined
      ? wrong('exec HOST COMMAND')
      : { kind: 'exec', host, script };
  }
  if (verb === 'expose') {
    const port = Number(words[2]);
    const valid = Number.isInteger(port) && port > 0 && port < 65_536;
    return host === undefined || !valid ? wrong('expose HOST PORT') : { kind: 'expose', host, port };
  }
  return { kind: 'wrong', reason: `no command is named ${verb}; "help" lists them` };
}

/** Conditions in a few words, such as `20 ms, 100 Mbit/s, 10 % loss`. */
export function describeConditions(conditions: Conditions): string {
  const { delayMs, jitterMs, lossRatio, rateMbit, lossyFlows } = conditions;
  if (conditions.cut) return 'cut';
  const parts = [
    `${delayMs} ms${jitterMs > 0 ? ` ± ${jitterMs} ms` : ''}`,
    rateMbit === null ? '' : `${rateMbit} Mbit/s`,
    lossRatio > 0 ? `${+(lossRatio * 100).toFixed(3)} % loss` : '',
    lossyFlows === null
      ? ''
      : `${+(lossyFlows.lossRatio * 100).toFixed(3)} % loss on 1 of ${lossyFlows.of} flows`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
