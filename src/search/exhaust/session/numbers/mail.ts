/** Messages as numbers: what becomes of them, and what they are, each case worked out once. */
import type { Grid } from '../grid.ts';
import { hasBit, Interner, once, onceForEach, oncePerPair, type Numbering } from './interner.ts';
import { afterGrant, isError, type Message } from './messages.ts';
import { later, namesIn, NOW, placeIn } from './normal.ts';

export class Mail {
  private readonly interner: Interner<Message>;
  private readonly unit: number;
  private readonly latency: number;
  /** Past it, nothing depends on how long ago something was. */
  private readonly horizon: number;

  constructor({ unit, latency }: Grid, horizon: number, numbering: Numbering) {
    this.interner = new Interner<Message>('message', numbering);
    this.unit = unit;
    this.latency = latency;
    this.horizon = horizon;
  }

  numberOf = (message: Message): number => this.interner.numberOf(message);

  message = (number: number): Message => this.interner.valueOf(number);

  /** After one unit; `runs` says whether the sender's clock runs. */
  readonly older = oncePerPair((number: number, runs: number): number => {
    const message = this.message(number);
    const step = runs === 1 && !message.orphan ? this.unit : 0;
    return this.numberOf({
      ...message,
      sentAt: later(step, this.horizon)(message.sentAt),
      underWay: message.underWay + this.unit,
    });
  });

  /** Its request, as a bit. */
  readonly requestIn = once((number: number): number => 1 << this.message(number).request);

  /** With the number that its request has where there are no gaps between those in `bits`. */
  readonly withOrder = oncePerPair((number: number, bits: number): number => {
    const message = this.message(number);
    return this.numberOf({ ...message, request: placeIn(bits, message.request) });
  });

  /** After a grant of the seats in `granted`. */
  readonly afterGrant = onceForEach((number: number, granted: number): number => {
    const message = this.message(number);
    return hasBit(granted, message.symbol) ? this.numberOf(afterGrant(message)) : number;
  });

  /** After its sender has sent `more` requests. */
  readonly afterRequests = oncePerPair((number: number, more: number): number => {
    const message = this.message(number);
    return this.numberOf({ ...message, request: Math.max(0, message.request - more) });
  });

  /** Its sender has crashed. Null for an answer, which then reaches nobody. */
  readonly orphaned = once((number: number): number | null => {
    const message = this.message(number);
    if (message.way === 'answer') return null;
    return this.numberOf({ ...message, request: 0, sentAt: NOW, orphan: true });
  });

  /** Whether it is an uncaught error or an invalid reply, in place of an answer of the service. */
  readonly isError = once((number: number): boolean => isError(this.message(number).body));

  readonly isRequest = once((number: number): boolean => this.message(number).way === 'request');
  readonly isOrphan = once((number: number): boolean => this.message(number).orphan);
  readonly isLate = once((number: number): boolean => this.message(number).late);

  /** Whether it arrives before more time passes, or never. */
  readonly isUrgent = once((number: number): boolean => {
    const { late, underWay } = this.message(number);
    return !late || underWay >= this.latency;
  });

  readonly delayed = once((number: number): number => this.numberOf({ ...this.message(number), late: true }));

  /** The session names of its device that it mentions, a bit each. */
  readonly namesIn = once((number: number): number => namesIn(this.message(number)));
}
