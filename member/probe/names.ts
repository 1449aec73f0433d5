import { lookup as systemLookup } from 'node:dns';
import { failureOf, type Failure } from './outcome.ts';

/**
 * Threads of the probe process. Node has four unless told otherwise, and lets names have half of them: two names whose
 * server does not answer, each of which holds a thread for ten seconds, would leave none for all others.
 */
export const threads = 16;
/** What more were asked at once would wait in a queue that nobody can look into. */
const atOnce = threads / 2;
/**
 * A resolver sends a packet that was lost again after five seconds only, longer than anybody waits here: who asks after
 * somebody gave up is asked for anew, once, while that leaves places enough for other names.
 */
const mostLookups = 2;
const placesForSecond = atOnce / 2;

/** Finds addresses of names for everybody in this process. */
export interface Names {
  /**
   * The first address of a name, in the order that the machine's resolver prefers. That the name server did not answer is
   * said only when it had all of the time.
   */
  addressOf(host: string, timeoutMs: number): Promise<string | Failure>;
}

/** Asks the machine's resolver, which answers later and cannot be told to give up. */
export type Lookup = (
  host: string,
  found: (error: NodeJS.ErrnoException | null, address: string) => void,
) => void;

/** A name that is asked for, or waits for its turn; who asks for it meanwhile shares the answer. */
interface Question {
  /** Lookups that were begun, and those under way. */
  begun: number;
  underWay: number;
  gaveUp: boolean;
  askers: Set<(found: string | Failure) => void>;
}

export function createNames(lookup: Lookup = askSystem): Names {
  const questions = new Map<string, Question>();
  let underWay = 0;

  const goOn = () => {
    // Oldest first: a name that is asked for again takes its place behind the others.
    for (const [host, question] of questions) {
      if (underWay >= atOnce) return;
      if (question.begun === 0) ask(host, question);
    }
  };
  const ask = (host: string, question: Question) => {
    question.begun++;
    question.underWay++;
    underWay++;
    lookup(host, (error, address) => {
      underWay--;
      question.underWay--;
      // Another lookup of it may still find what this one did not.
      if (error === null || question.underWay === 0) {
        if (questions.get(host) === question) questions.delete(host);
        for (const tell of [...question.askers]) tell(error === null ? address : failureOf(error));
      }
      goOn();
    });
  };
  const askAgain = (host: string, question: Question) => {
    const isDue = question.gaveUp && question.begun < mostLookups;
    if (isDue && underWay < placesForSecond) ask(host, question);
  };
  return {
    addressOf(host, timeoutMs) {
      const question = questions.get(host) ?? { begun: 0, underWay: 0, gaveUp: false, askers: new Set() };
      questions.set(host, question);
      goOn();
      askAgain(host, question);
      const hadToWait = question.begun === 0;
      return new Promise((resolve) => {
        const end = (found: string | Failure) => {
          clearTimeout(timer);
          question.askers.delete(end);
          if (question.askers.size === 0 && question.begun === 0) questions.delete(host);
          resolve(found);
        };
        question.askers.add(end);
        const late = hadToWait ? noTurn(timeoutMs) : unanswered(timeoutMs);
        // After a stall timers run before answers: one that has come meanwhile is looked at first.
        const giveUp = () => {
          question.gaveUp ||= question.begun > 0;
          end(late);
        };
        const timer = setTimeout(() => setImmediate(giveUp), timeoutMs);
      });
    },
  };
}

function unanswered(timeoutMs: number): Failure {
  return { outcome: 'resolve_failed', reason: `no answer from the name server within ${timeoutMs / 1000} s` };
}

function noTurn(timeoutMs: number): Failure {
  return {
    outcome: 'void',
    reason: `this member could not ask for the name within ${timeoutMs / 1000} s: it waited for ${atOnce} others`,
  };
}

const askSystem: Lookup = (host, found) =>
  systemLookup(host, { verbatim: true }, (error, address) => found(error, address));
