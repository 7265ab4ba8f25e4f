import type { EnvironmentView } from "../engine/environment.ts";
import { heldValues } from "../engine/held_values.ts";
import { isList, isRecord, SealedSecret, type Value } from "../engine/value.ts";
import { decodeRecord } from "../engine/value_codec.ts";
import type { Vault } from "../trust/vault_port.ts";

/** How many blobs are opened at one time. */
const WINDOW = 32;

/**
 * The secrets that the logs of the open environments hold. Most commands open only those that they need; but what somebody else
 * says may hold any of them, so that all are opened before it is believed to hold none. Each is opened once.
 */
export class StoredSecrets {
  readonly #places = new Map<Vault, EnvironmentView>();
  readonly #opened = new Set<string>();

  /** Takes the secrets of an environment in; `vault` tells the register what it opens. */
  add(vault: Vault, state: EnvironmentView): void {
    this.#places.set(vault, state);
  }

  /** Lets go of them when the environment is closed. */
  remove(vault: Vault): void {
    this.#places.delete(vault);
  }

  /** Opens all that have not been opened. What cannot be opened here is tried again; whoever needs it is told. */
  async noteAll(): Promise<void> {
    for (const [vault, state] of this.#places) {
      const sealed = [...state.resources.values()].flatMap(heldValues)
        .flatMap((values) => sealedIn(decodeRecord(values)));
      const waiting = sealed.filter(({ blob }) => !this.#opened.has(blob));
      for (let start = 0; start < waiting.length; start += WINDOW) {
        await this.#open(vault, waiting.slice(start, start + WINDOW));
      }
    }
  }

  async #open(vault: Vault, sealed: readonly SealedSecret[]): Promise<void> {
    const opened = await Promise.allSettled(sealed.map((each) => vault.open(each)));
    sealed.forEach(({ blob }, index) => {
      if (opened[index]?.status === "fulfilled") this.#opened.add(blob);
    });
  }
}

function sealedIn(value: Value): readonly SealedSecret[] {
  if (value instanceof SealedSecret) return [value];
  if (isList(value)) return value.flatMap(sealedIn);
  return isRecord(value) ? Object.values(value).flatMap(sealedIn) : [];
}
