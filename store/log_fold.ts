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
  #checkpointBytes: number;
  #grownBytes = 0;

  constructor(name: string, start: LogStart = emptyStart()) {
    this.name = name;
    this.environment = start.environment;
    this.#stream = start.stream;
    this.#head = start.head;
    this.#checkpointBytes = start.sizeBytes;
  }

  /** The hash of record 1; empty before it. */
  get stream(): string {
    return this.#stream;
  }

  /** The last record; `seq` 0 and an empty hash before the first. */
  get head(): Head {
    return this.#head;
  }

  /** The size of the last checkpoint, 0 before the first. */
  get checkpointBytes(): number {
    return this.#checkpointBytes;
  }

  /** Bytes of the records folded since the last checkpoint. */
  get grownBytes(): number {
    return this.#grownBytes;
  }

  /**
   * Makes what was folded into the draft durable: the log of `stream` up to and with the record that `head` names, whose
   * new records take `sizeBytes`.
   */
  commit(head: Head, stream: string, sizeBytes: number): void {
    this.environment.commit();
    this.#head = head;
    this.#stream = stream;
    this.#grownBytes += sizeBytes;
  }

  /** Notes that everything folded so far is kept in a checkpoint of this size. */
  noteCheckpoint(sizeBytes: number): void {
    this.#checkpointBytes = sizeBytes;
    this.#grownBytes = 0;
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
  /** The size of the checkpoint; 0 of nothing. */
  readonly sizeBytes: number;
}

function emptyStart(): LogStart {
  return { environment: new Environment(), stream: "", head: { seq: 0, hash: "" }, sizeBytes: 0 };
}
