import { StoredSecrets } from "../../compose/stored_secrets.ts";
import { SecretRegister } from "../../engine/secret_register.ts";
import { join } from "node:path";
import { createEnvironment } from "../../compose/create_environment.ts";
import { openEnvironment } from "../../compose/open_environment.ts";
import type { Outside } from "../../compose/outside.ts";
import { systemPorts } from "../../compose/system_ports.ts";
import type { JsonObject } from "../../engine/json.ts";
import { randomId } from "../../engine/random.ts";
import type { ResourceState } from "../../engine/resource_state.ts";
import { record, type ValueRecord } from "../../engine/value.ts";
import { decodeRecord } from "../../engine/value_codec.ts";
import type { ProjectPorts } from "../../project/project_ports.ts";
import { readState } from "../../project/read_environment.ts";
import { localProvider } from "../../providers/local/local_provider.ts";
import { randomProvider } from "../../providers/random/random_provider.ts";
import { providerRegistry } from "../../providers/registry.ts";
import { faultsFrom } from "../../providers/sim/faults_from.ts";
import { type Ledger, readLedger } from "../../providers/sim/ledger.ts";
import { simProvider } from "../../providers/sim/sim_provider.ts";
import { tlsProvider } from "../../providers/tls/tls_provider.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import type { RestClock } from "./rest_clock.ts";

/** A project in a temporary folder whose cloud fails as it is told to; removed with it. */
export class ChaosProject implements AsyncDisposable {
  readonly clock: RestClock;
  readonly settleMs: number;
  readonly #home: string;
  readonly #random: SeededRandom;

  private constructor(home: string, clock: RestClock, settleMs: number, seed: number) {
    this.#home = home;
    this.clock = clock;
    this.settleMs = settleMs;
    this.#random = new SeededRandom(seed ^ 0x5eed);
  }

  /** `settleMs`: how far the cloud may lag behind. */
  static async make(clock: RestClock, settleMs: number, seed: number): Promise<ChaosProject> {
    const home = await Deno.makeTempDir({ prefix: "smelt-chaos-" });
    for (const name of ["project/.smelt/sim", "state"]) {
      await Deno.mkdir(join(home, name), { recursive: true });
    }
    return new ChaosProject(home, clock, settleMs, seed);
  }

  get root(): string {
    return join(this.#home, "project");
  }

  /** What one command has. `onCall` is told of each call to the cloud. */
  ports(onCall: () => void = () => {}): ProjectPorts {
    const readVariable = (name: string) =>
      name === "SMELT_STATE_HOME" ? join(this.#home, "state") : undefined;
    const parts = { workingFolder: this.root, readVariable, host: "here", who: "chaos", launch: undefined };
    const outside: Outside = {
      clock: this.clock,
      random: this.#random,
      readVariable,
      secrets: new SecretRegister(),
      stored: new StoredSecrets(),
      host: "here",
    };
    const faults = faultsFrom(this.#simFolder, undefined);
    return {
      ...systemPorts(parts),
      ...outside,
      registry: ({ root }) =>
        providerRegistry([
          localProvider(root),
          randomProvider(this.#random),
          this.#sim(() => {
            onCall();
            return faults();
          }),
          tlsProvider(this.clock, this.#random),
        ]),
      openEnvironment: (paths, wanted) => openEnvironment(outside, paths, wanted),
      createEnvironment: (paths, wanted) => createEnvironment(outside, paths, wanted),
    };
  }

  async write(source: string): Promise<void> {
    await Deno.writeTextFile(join(this.root, "main.smelt"), source);
  }

  /** From now on the cloud fails so. */
  async setFaults(rules: readonly JsonObject[]): Promise<void> {
    await Deno.writeTextFile(join(this.#simFolder, "faults.json"), JSON.stringify(rules));
  }

  /** What ever was in the cloud, once what is leaving has gone. */
  async ledger(): Promise<Ledger> {
    this.clock.jump(500);
    await this.#sim(() => undefined).identity(new AbortController().signal);
    return readLedger(await Deno.readTextFile(join(this.#simFolder, "journal.jsonl")));
  }

  /** What the log says, by address. */
  async states(): Promise<ReadonlyMap<string, ResourceState>> {
    const read = await readState(
      this.ports(),
      undefined,
      ({ environment }) => environment.journal.state.resources,
    );
    if (!read.ok) throw new Error(read.error.message);
    return new Map([...read.value.values()].map((state) => [state.address, state]));
  }

  /** How many records the log holds. */
  async recordCount(): Promise<number> {
    const log = await Deno.readTextFile(join(this.root, ".smelt/log/default.log"));
    return log.split("\n").length - 1;
  }

  /** Changes or deletes, behind smelt's back, an object that the log knows; says what. */
  async touch(random: SeededRandom): Promise<string> {
    const resting = [...(await this.states()).values()].filter((each) => each.intent === undefined);
    const objects = resting.flatMap(({ object }) => object === undefined ? [] : [object]);
    if (objects.length === 0) return "touches nothing";
    const { type, id, fields } = random.pick(objects);
    if (type === "local.File") return await this.#touchFile(random, id);
    if (!type.startsWith("sim.")) return "touches nothing";
    const token = randomId(this.#random);
    const before = decodeRecord(fields);
    const { signal } = new AbortController();
    const sim = this.#sim(() => undefined);
    const done = random.percent(50)
      ? await sim.delete({ type, id, applied: before, token }, signal)
      : await sim.update({ type, id, before, after: tagged(before, random), token }, signal);
    return `touches ${id}: ${done.ok ? "done" : done.error.message}`;
  }

  async #touchFile(random: SeededRandom, path: string): Promise<string> {
    const file = join(this.root, path);
    const isThere = await Deno.stat(file).then(() => true, () => false);
    if (isThere && random.percent(50)) await Deno.writeTextFile(file, "by hand");
    else if (isThere) await Deno.remove(file);
    return `touches ${path}`;
  }

  get #simFolder(): string {
    return join(this.root, ".smelt/sim");
  }

  #sim(faults: () => string | undefined) {
    const world = { folder: this.#simFolder, clock: this.clock, random: this.#random, faults };
    return simProvider(world, { settleMs: this.settleMs });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#home, { recursive: true });
  }
}

/** Write-only fields are not known to whoever edits by hand. */
function tagged(before: ValueRecord, random: SeededRandom): ValueRecord {
  const known = Object.entries(before).filter(([name]) => name !== "password" && name !== "user_data");
  return record([...known, ["tags", record([["by", `hand ${random.below(99)}`]])]]);
}
