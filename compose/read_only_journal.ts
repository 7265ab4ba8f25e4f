import { durableView } from "../engine/environment.ts";
import { InvariantError } from "../engine/invariant.ts";
import type { Journal } from "../store/journal_port.ts";
import type { LogFold } from "../store/log_fold.ts";

/** A verified log for those who only read it: nothing can be appended, and it stays as it was read. */
export function readOnlyJournal(fold: LogFold): Journal {
  return {
    environment: fold.name,
    stream: fold.stream,
    head: fold.head,
    state: durableView(fold.environment),
    append: () => Promise.reject(new InvariantError("A log opened for reading is not appended to")),
    refresh: () => Promise.resolve(),
  };
}
