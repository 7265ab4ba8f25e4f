import type { Event } from "./event.ts";
import type { LogRecord } from "./record.ts";

const COMMAND = "secrets rotate --give-up ";
const ID_REGEXP = /^[0-9a-f]{32}$/;

/** The command of a run that gives up the secrets in these blobs, as its `RunStarted` tells it. */
export function giveUpCommand(ids: readonly string[]): string {
  return `${COMMAND}${ids.join(" ")}`;
}

/** The command of a run as one of many words: without the ids of secrets, of which there may be thousands. */
export function shortCommand(command: string): string {
  return command.startsWith(COMMAND) ? COMMAND.trimEnd() : command;
}

/**
 * The secrets that a log gives up: what its runs say of it, once they have exchanged a data key. Only an admin key can do that,
 * and it must have said both, so that nobody else can call a secret given up whose stored bytes somebody removed.
 */
export class GivenUpSecrets {
  /** The record that gave each up, by the id of its blob. */
  readonly records = new Map<string, number>();
  readonly #said = new Map<string, Said>();

  /** Takes in an event that was admitted, with its record. */
  see(event: Event, { run, seq, by }: Pick<LogRecord, "run" | "seq" | "by">): void {
    if (event.type === "RunStarted") {
      if (event.command.startsWith(COMMAND)) this.#said.set(run, { by, ids: idsOf(event.command) });
    } else if (event.type === "SecretsRotated") {
      const said = this.#said.get(run);
      if (said?.by !== by) return;
      for (const id of said.ids) if (!this.records.has(id)) this.records.set(id, seq);
    }
  }
}

/** What a run gives up when it comes to it, and the key that signed its start. */
interface Said {
  readonly by: string;
  readonly ids: readonly string[];
}

function idsOf(command: string): readonly string[] {
  return command.slice(COMMAND.length).split(" ").filter((each) => ID_REGEXP.test(each));
}
