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
    verb: "delete the replaced object of",
    going: "deleting the replaced object",
    done: "deleted the replaced object",
  },
  move: { symbol: "=>", style: "cyan", verb: "move", going: "moving", done: "moved" },
  import: { symbol: "<=", style: "cyan", verb: "import", going: "importing", done: "imported" },
  forgetDeposed: {
    symbol: "x",
    style: "yellow",
    verb: "forget the replaced object of",
    going: "forgetting the replaced object",
    done: "forgot the replaced object",
  },
  forget: { symbol: "x", style: "yellow", verb: "forget", going: "forgetting", done: "forgotten" },
};
