import type { JsonObject } from "../../engine/json.ts";
import type { CallFailure } from "../../engine/call_failure.ts";

/**
 * What has become true in the sim cloud: one line of its journal each, never edited. Instants are milliseconds since
 * 1970 by the cloud's clock. `Fields` is how fields are held: values in memory, JSON with sealed secrets on disk.
 */
export type Fact<Fields> =
  | Opened
  | Created<Fields>
  | Updated<Fields>
  | DeleteBegan
  | Deleted
  | RequestHeld<Fields>
  | RequestSettled
  | FaultMet;

/** A fact as the journal holds it. */
export type StoredFact = Fact<JsonObject>;

/** The cloud exists, and this is the account in it. The first fact, and only the first. */
export interface Opened {
  readonly fact: "Opened";
  readonly format: 1;
  readonly account: string;
  readonly at: number;
}

/** An object exists. It can be used from `readyAt`. */
export interface Created<Fields> {
  readonly fact: "Created";
  readonly at: number;
  readonly readyAt: number;
  readonly id: string;
  readonly type: string;
  readonly token: string;
  /** Salted digest of all that was sent; tells whether the token came with the same inputs again. */
  readonly inputs: string;
  readonly fields: Fields;
  /** Salted digests of write-only fields, by path. */
  readonly digests: Readonly<Record<string, string>>;
  readonly outputs: Fields;
}

/** An object has these fields now, and its next generation. */
export interface Updated<Fields> {
  readonly fact: "Updated";
  readonly at: number;
  readonly id: string;
  readonly token: string;
  readonly inputs: string;
  readonly fields: Fields;
  readonly digests: Readonly<Record<string, string>>;
  readonly outputs: Fields;
}

/** An object is on its way out and will be gone at `goneAt`; nothing stops that. */
export interface DeleteBegan {
  readonly fact: "DeleteBegan";
  readonly at: number;
  readonly goneAt: number;
  readonly id: string;
  readonly token: string;
}

/** An object is gone for ever. */
export interface Deleted {
  readonly fact: "Deleted";
  readonly at: number;
  readonly id: string;
  readonly token: string;
}

/** The cloud took a request and will act on it at `notBefore`, though its sender was told nothing. */
export interface RequestHeld<Fields> {
  readonly fact: "RequestHeld";
  readonly at: number;
  readonly notBefore: number;
  readonly request: CloudRequest<Fields>;
}

/** The cloud has acted on the request held under `token`: the facts before this one, or a refusal. */
export interface RequestSettled {
  readonly fact: "RequestSettled";
  readonly at: number;
  readonly token: string;
  readonly failure: CallFailure | null;
}

/** A call met the counting fault rule `rule`. */
export interface FaultMet {
  readonly fact: "FaultMet";
  readonly at: number;
  readonly rule: string;
}

/** What the cloud is asked to do, checked against the schema, write-only fields already reduced to digests. */
export type CloudRequest<Fields> =
  | {
    readonly operation: "create";
    readonly type: string;
    readonly token: string;
    readonly sent: Sent<Fields>;
    /** 32 random hex digits that the id is cut from. */
    readonly draw: string;
  }
  | {
    readonly operation: "update";
    readonly type: string;
    readonly id: string;
    readonly token: string;
    readonly sent: Sent<Fields>;
    /** The generation that the object must still have; null for any. */
    readonly precondition: string | null;
  }
  | {
    readonly operation: "delete";
    readonly type: string;
    readonly id: string;
    readonly token: string;
    readonly precondition: string | null;
  };

/** The fields of a request. */
export interface Sent<Fields> {
  readonly fields: Fields;
  readonly digests: Readonly<Record<string, string>>;
  readonly inputs: string;
}
