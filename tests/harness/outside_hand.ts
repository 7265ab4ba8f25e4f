import { strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../../actors/system_clock.ts";
import { systemRandom } from "../../actors/system_random.ts";
import { randomId } from "../../engine/random.ts";
import { record, type Value } from "../../engine/value.ts";
import { decodeRecord } from "../../engine/value_codec.ts";
import type { LedgerObject } from "../../providers/sim/ledger.ts";
import { simProvider } from "../../providers/sim/sim_provider.ts";
import type { TestProject } from "./test_project.ts";

/** Somebody who works in the sim cloud of a project behind smelt's back. */
export class OutsideHand {
  readonly #project: TestProject;

  constructor(project: TestProject) {
    this.#project = project;
  }

  /** The live object whose field `name` says so. */
  async object(name: string): Promise<LedgerObject> {
    const found = (await this.#project.ledger()).live.filter(({ fields }) => fields["name"] === name);
    const [object] = found;
    if (object === undefined || found.length > 1) {
      throw new Error(`${found.length} objects are named ${name}`);
    }
    return object;
  }

  /** Sets fields of a live object; those of a section by a record. */
  async change(name: string, fields: Readonly<Record<string, Value>>): Promise<void> {
    const { type, id, fields: stored } = await this.object(name);
    const before = decodeRecord(stored);
    const after = record([...Object.entries(before), ...Object.entries(fields)]);
    const done = await this.#sim().update({ type, id, before, after, token: randomId(systemRandom) }, SIGNAL);
    strictEqual(done.ok ? "" : done.error.message, "");
  }

  async remove(name: string): Promise<void> {
    const { type, id, fields } = await this.object(name);
    const request = { type, id, applied: decodeRecord(fields), token: randomId(systemRandom) };
    const done = await this.#sim().delete(request, SIGNAL);
    strictEqual(done.ok ? "" : done.error.message, "");
  }

  #sim() {
    const folder = join(this.#project.root, ".smelt/sim");
    return simProvider({ folder, clock: systemClock, random: systemRandom, faults: () => undefined });
  }
}

const SIGNAL = new AbortController().signal;
