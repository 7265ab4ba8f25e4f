import type { Refusal } from "../engine/admit.ts";
import { Environment } from "../engine/environment.ts";
import type { Event } from "../engine/event.ts";
import type { Position } from "../engine/position.ts";
import type { Head } from "./journal_port.ts";

/** An event of a rightly signed record that was not admissible where it stands: the fold has skipped it. */
export interface VoidEvent {
  readonly position: Position;
  readonly type: Event["type"];
  readonly refusal: Refusal;
}

/** The log of one environment as far as this process has verified it, folded. */
export class LogFold {
  /** The name that the log was asked for by. */
  readonly name: string;
  readonly environment: Environment;
  #stream: string;
  #head: Head;

  constructor(name: string, start: LogStart = emptyStart()) {
    this.name = name;
    this.environment = start.environment;
    this.#stream = start.stream;
    this.#head = start.head;
  }

  /** The hash of record 1; empty before it. */
  get stream(): string {
    return this.#stream;
  }

  /** The last record; `seq` 0 and an empty hash before the first. */
  get head(): Head {
    return this.#head;
  }

  /** Makes what was folded into the draft durable: the log of `stream` up to and with the record that `head` names. */
  commit(head: Head, stream: string): void {
    this.environment.commit();
    this.#head = head;
    this.#stream = stream;
  }

  /** Names a record for people. */
  placeOf(seq: number): string {
    return `${this.name} record ${seq}`;
  }
}

/** A fold to go on from: of nothing, or of a checkpoint. */
export interface LogStart {
  readonly environment: Environment;
  readonly stream: string;
  readonly head: Head;
}

function emptyStart(): LogStart {
  return { environment: new Environment(), stream: "", head: { seq: 0, hash: "" } };
}
