import type { Operation } from "../../engine/steps.ts";
import type { Style } from "../text.ts";

/** How an operation is written. */
export interface OperationWords {
  readonly symbol: string;
  readonly style: Style;
  /** For example `create`, as in "cannot create". */
  readonly verb: string;
  readonly going: string;
  readonly done: string;
  /** What of the resource it is about, when it is not what lives under its address: `the replaced object`. */
  readonly object?: string;
  /** As in "may have been created", where it is another word than `done`. */
  readonly passive?: string;
}

/** What cannot be done, for example `delete the replaced object of net.main`. */
export function failedText(operation: Operation, address: string): string {
  const { verb, object } = OPERATION_WORDS[operation];
  return object === undefined ? `${verb} ${address}` : `${verb} ${object} of ${address}`;
}

/** What nobody knows, for example `the replaced object may have been deleted, or not`. */
export function doubtText(operation: Operation, subject: string): string {
  const { done, passive, object } = OPERATION_WORDS[operation];
  return `${object === undefined ? subject : object} may have been ${passive ?? done}, or not`;
}

/** The words of each operation. */
export const OPERATION_WORDS: Readonly<Record<Operation, OperationWords>> = {
  create: { symbol: "+", style: "green", verb: "create", going: "creating", done: "created" },
  replace: {
    symbol: "-/+",
    style: "magenta",
    verb: "replace",
    going: "creating its replacement",
    done: "replaced",
  },
  update: { symbol: "~", style: "yellow", verb: "update", going: "updating", done: "updated" },
  rebind: { symbol: "=", style: "cyan", verb: "record", going: "recording", done: "recorded" },
  observe: { symbol: "=", style: "cyan", verb: "record", going: "recording", done: "recorded" },
  accept: { symbol: "=", style: "cyan", verb: "accept", going: "accepting", done: "accepted" },
  delete: { symbol: "-", style: "red", verb: "delete", going: "deleting", done: "deleted" },
  deleteDeposed: {
    symbol: "-",
    style: "red",
    verb: "delete",
    going: "deleting the replaced object",
    done: "deleted the replaced object",
    object: "the replaced object",
    passive: "deleted",
  },
  move: { symbol: "=>", style: "cyan", verb: "move", going: "moving", done: "moved" },
  import: { symbol: "<=", style: "cyan", verb: "import", going: "importing", done: "imported" },
  forgetDeposed: {
    symbol: "x",
    style: "yellow",
    verb: "forget",
    going: "forgetting the replaced object",
    done: "forgot the replaced object",
    object: "the replaced object",
    passive: "forgotten",
  },
  forget: { symbol: "x", style: "yellow", verb: "forget", going: "forgetting", done: "forgotten" },
};
