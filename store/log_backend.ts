/**
 * Where the records of environments lie. One adapter a kind of store; each passes `log_contract.ts`.
 *
 *   L1. An append is atomic, and durable once it has been answered `stored`.
 *   L2. Of two writers of one seq exactly one is answered `stored`.
 *   L3. *Absent* is only a definite answer of the store: no error is ever read as "nothing there".
 *   L4. Records are never removed or changed.
 *
 * A broken store rejects with an `Error`; what became of an append in flight is then unknown.
 */
export interface LogBackend {
  /** Yields stored records in order from `fromSeq`, 1 being the first, up to the last whole one. An environment without records yields none. */
  read(environment: string, fromSeq: number): AsyncIterable<StoredRecord>;
  /** Stores `bytes` as record `seq`, which must follow the last one, unless there is a record of that seq. */
  append(environment: string, seq: number, bytes: Uint8Array): Promise<AppendAnswer>;
  /** Makes sure that everything that `read` has yielded so far is durable. Called once by a run, before it believes the tail. */
  sync(environment: string): Promise<void>;
  /** Names of environments that have a log. */
  environments(): Promise<readonly string[]>;
}

/** One record as it lies in the store: canonical JSON, TAB, signature in base64url; without a line end. */
export interface StoredRecord {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

/** `stored`: durable. `taken`: that seq holds a record, whose it is tells only reading it. `again`: nothing is known; send the same bytes again. */
export type AppendAnswer =
  | { readonly kind: "stored"; readonly repaired: Repair | undefined }
  | { readonly kind: "taken"; readonly repaired?: Repair }
  | { readonly kind: "again"; readonly afterMs: number };

/** What an appender mended before it wrote. */
export interface Repair {
  /** `completed`: a whole record lacked its line end. `cut`: an unfinished one was cut off. */
  readonly kind: "completed" | "cut";
  /** How many bytes were cut; 0 when completed. */
  readonly sizeBytes: number;
  /** Where the cut bytes are kept. */
  readonly keptAt: string | undefined;
}
