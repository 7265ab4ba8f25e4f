import { withMethods } from "./with_methods.ts";
import type { OpenEnvironment, ProjectPorts } from "../../project/project_ports.ts";

/** Whether a process dies with a change undone, or right after it was made. */
export type DeathSide = "before" | "after";

/** The process that a test is about has died. */
export class Death extends Error {}

/** Ports whose process dies at a change of the log, of keys or of secrets; `Infinity` for one that lives. */
export class DyingPorts {
  readonly ports: ProjectPorts;
  readonly #at: number;
  readonly #side: DeathSide;
  /** What was changed, in order. */
  readonly changes: string[] = [];

  constructor(ports: ProjectPorts, at: number, side: DeathSide) {
    this.#at = at;
    this.#side = side;
    this.ports = {
      ...ports,
      openEnvironment: async (paths, wanted) => {
        const opened = await ports.openEnvironment(paths, wanted);
        return opened.ok ? { ok: true, value: this.#dying(opened.value) } : opened;
      },
    };
  }

  #dying(environment: OpenEnvironment): OpenEnvironment {
    const { journal, secretStore, vault } = environment;
    return {
      ...environment,
      journal: withMethods(journal, {
        append: (batch) =>
          this.#change(
            `append ${batch.events.map(({ type }) => type).join(" ")}`,
            () => journal.append(batch),
          ),
      }),
      vault: withMethods(vault, {
        sealSource: (place, text) => this.#change(`sealSource ${place}`, () => vault.sealSource(place, text)),
      }),
      secretStore: {
        ...secretStore,
        makeKey: (id) => this.#change("makeKey", () => secretStore.makeKey(id)),
        destroyKey: (id) => this.#change("destroyKey", () => secretStore.destroyKey(id)),
        reseal: (id, keys) => this.#change("reseal", () => secretStore.reseal(id, keys)),
        removeBlob: (name) => this.#change("removeBlob", () => secretStore.removeBlob(name)),
      },
    };
  }

  async #change<T>(name: string, change: () => Promise<T>): Promise<T> {
    if (this.changes.length > this.#at) throw new Death(`died at change ${this.#at}`);
    this.changes.push(name);
    const isLast = this.changes.length > this.#at;
    if (isLast && this.#side === "before") throw new Death(`died before ${name}`);
    const result = await change();
    if (isLast) throw new Death(`died after ${name}`);
    return result;
  }
}
