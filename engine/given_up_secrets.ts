import type { Event } from "./event.ts";

const COMMAND = "secrets rotate --give-up ";
const ID_REGEXP = /^[0-9a-f]{32}$/;

/** The command of a run that gives up the secrets in these blobs, as its `RunStarted` tells it. */
export function giveUpCommand(ids: readonly string[]): string {
  return `${COMMAND}${ids.join(" ")}`;
}

/**
 * The secrets that a log gives up: what its runs say of it, once they have exchanged a data key. Only an admin key can do that,
 * so that no other run can call a secret given up whose stored bytes somebody removed.
 */
export class GivenUpSecrets {
  /** The record that gave each up, by the id of its blob. */
  readonly records = new Map<string, number>();
  readonly #said = new Map<string, readonly string[]>();

  /** Takes in an event that was admitted, with the run and the number of its record. */
  see(event: Event, { run, seq }: { readonly run: string; readonly seq: number }): void {
    if (event.type === "RunStarted") {
      if (event.command.startsWith(COMMAND)) this.#said.set(run, idsOf(event.command));
    } else if (event.type === "SecretsRotated") {
      for (const id of this.#said.get(run) ?? []) if (!this.records.has(id)) this.records.set(id, seq);
    }
  }
}

function idsOf(command: string): readonly string[] {
  return command.slice(COMMAND.length).split(" ").filter((each) => ID_REGEXP.test(each));
}
