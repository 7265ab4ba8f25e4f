import { dirname, join } from "node:path";
import { systemClock } from "../../actors/system_clock.ts";
import { systemRandom } from "../../actors/system_random.ts";
import { systemPorts } from "../../compose/system_ports.ts";
import { ok as success, type Result } from "../../engine/result.ts";
import type { ValueRecord } from "../../engine/value.ts";
import { applyProject, type ApplyResult } from "../../project/apply_project.ts";
import { initProject } from "../../project/init_project.ts";
import { planProject, type ShownPlan } from "../../project/plan_project.ts";
import type { ProjectPorts } from "../../project/project_ports.ts";
import { withEnvironment } from "../../project/read_environment.ts";
import { localProvider } from "../../providers/local/local_provider.ts";
import type { LiveObject, Provider } from "../../providers/provider.ts";
import { providerRegistry } from "../../providers/registry.ts";
import type { Ledger } from "../../providers/sim/ledger.ts";
import { type MemorySim, memorySim } from "../../providers/sim/memory_sim.ts";
import { openRecord } from "../../trust/taint.ts";

/** One call that changed the world: what the provider was sent, and what lives since. */
export interface SentCall {
  readonly operation: "create" | "update";
  readonly type: string;
  readonly fields: ValueRecord;
  readonly object: LiveObject;
}

/** A project in a temporary folder, over a cloud in memory, whose providers write down what they are sent. */
export class RecordedProject implements AsyncDisposable {
  readonly #root: string;
  readonly #ports: ProjectPorts;
  readonly #sim: MemorySim;
  readonly #calls: SentCall[] = [];

  private constructor(root: string, variables: Readonly<Record<string, string>>) {
    this.#root = root;
    this.#sim = memorySim({ clock: systemClock, random: systemRandom, faults: () => undefined });
    const providers = [this.#recorded(this.#sim), this.#recorded(localProvider(root))];
    this.#ports = {
      ...systemPorts({
        workingFolder: root,
        readVariable: (name) => variables[name],
        host: "here",
        who: "test",
        launch: undefined,
      }),
      registry: () => providerRegistry(providers),
    };
  }

  /** `variables` are those of the process environment. */
  static async make(variables: Readonly<Record<string, string>>): Promise<RecordedProject> {
    return new RecordedProject(await Deno.makeTempDir({ prefix: "smelt-recorded-" }), variables);
  }

  async init(environment: string): Promise<void> {
    valueOf(await initProject(this.#ports, { environment, name: "recorded" }));
  }

  async read(path: string): Promise<string> {
    return await Deno.readTextFile(join(this.#root, path));
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(this.#root, path)), { recursive: true });
      await Deno.writeTextFile(join(this.#root, path), text);
    }
  }

  async plan(environment: string, files: readonly string[]): Promise<ShownPlan> {
    return valueOf(await planProject(this.#ports, { command: "apply", environment, files, refresh: "all" }));
  }

  /** Applies, and gives the calls that were made for it. */
  async apply(
    environment: string,
    files: readonly string[],
  ): Promise<{ readonly result: ApplyResult; readonly calls: readonly SentCall[] }> {
    const from = this.#calls.length;
    const never = new AbortController().signal;
    const request = { command: "apply", environment, files, refresh: "all", parallelism: 4 } as const;
    const result = valueOf(
      await applyProject(this.#ports, { ...request, why: undefined }, {
        repaired: () => {},
        settled: () => {},
        approve: async () => await true,
        noticed: () => {},
        refused: () => {},
        progress: () => {},
        interrupts: { stop: never, leave: never },
      }),
    );
    return { result, calls: this.#calls.slice(from) };
  }

  /** What values say in clear, secrets that the log holds sealed opened by the environment's own keys. */
  async opened(environment: string, fields: readonly ValueRecord[]): Promise<readonly ValueRecord[]> {
    return valueOf(
      await withEnvironment(
        this.#ports,
        { environment, purpose: "plan", tell: () => {} },
        async ({ environment: { vault } }) =>
          success(await Promise.all(fields.map((each) => openRecord(vault, each)))),
      ),
    );
  }

  /** What lives under an id since the last call that made or changed it. */
  object(id: string | undefined): LiveObject {
    const call = this.#calls.findLast((each) => each.object.id === id);
    if (call === undefined) throw new Error(`Nothing was sent for ${id}`);
    return call.object;
  }

  /** What ever was in the cloud. */
  ledger(): Ledger {
    return this.#sim.ledger();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#root, { recursive: true });
  }

  #recorded(provider: Provider): Provider {
    return {
      ...provider,
      create: async (request, signal) => {
        const made = await provider.create(request, signal);
        if (made.ok) this.#note({ operation: "create", ...request, object: made.value });
        return made;
      },
      update: async (request, signal) => {
        const made = await provider.update(request, signal);
        if (made.ok) {
          this.#note({ operation: "update", type: request.type, fields: request.after, object: made.value });
        }
        return made;
      },
    };
  }

  #note({ operation, type, fields, object }: SentCall): void {
    this.#calls.push({ operation, type, fields, object });
  }
}

function valueOf<T>(
  result: Result<T, { readonly message: string; readonly diagnostics?: readonly unknown[] }>,
): T {
  if (result.ok) return result.value;
  const { message, diagnostics = [] } = result.error;
  throw new Error(`${message} ${JSON.stringify(diagnostics)}`);
}
