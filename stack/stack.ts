import { type Address, formatAddress } from "../engine/address.ts";
import { invariant } from "../engine/invariant.ts";
import { type Problem, problem } from "../engine/problem.ts";
import type { DesiredConfig, DesiredOutput, Origin, ResourceConfig } from "../engine/resource_config.ts";
import { callOrigin } from "./call_origin.ts";
import { declareResource, type ResourceDraft } from "./declare_resource.ts";
import type { Declarations } from "./declarations.ts";
import { type DeclaredTarget, type Output, outputText } from "./output.ts";
import { type AnyResource, DECLARED, type OutputSchema } from "./resource_handle.ts";
import type { AnyResourceOptions } from "./resource_options.ts";
import { type PlacedOptions, type StackOptions, stackStatements } from "./stack_statements.ts";
import { RESOURCE_TYPES } from "./resource_types.ts";

/** What a stack shows to who applies it: outputs of its resources, by name. */
export type StackOutputs = Readonly<Record<string, Output<unknown>>>;

/** Resources that a program wants, as plain data: what `.smelt` files would say in its place. */
export interface Stack<Outputs extends StackOutputs = StackOutputs> {
  /** As the function that declared it has returned them. */
  readonly outputs: Outputs;
  readonly desired: DesiredConfig;
  /** What is wrong with it, whatever the schemas say. */
  readonly problems: readonly Problem[];
}

/**
 * Declares resources. `declare` is called at once, with a function for each resource type; it should do nothing but declare.
 * What it returns are the outputs of the stack. Mistakes in what is declared are told by `plan` and `apply`.
 */
export function stack<Outputs extends StackOutputs = Record<never, never>>(
  declare: (resources: Declarations) => Outputs | void,
  options?: StackOptions,
): Stack<Outputs>;
export function stack(
  declare: (resources: Declarations) => StackOutputs | void,
  options: StackOptions = {},
): Stack {
  const origin = callOrigin(stack);
  const draft = new StackDraft();
  const outputs = declare(draft.declarations()) ?? {};
  return draft.finish(outputs, options, origin);
}

/** A stack while its resources are declared. */
class StackDraft {
  readonly #resources = new Map<Address, ResourceConfig>();
  readonly #targets = new Set<DeclaredTarget>();
  /** Addresses without a key: of plain resources, and of instances. */
  readonly #bases = { plain: new Map<Address, Origin>(), keyed: new Map<Address, Origin>() };
  readonly #placed: PlacedOptions[] = [];
  readonly #problems: Problem[] = [];
  #isFinished = false;

  /** The functions that declare, by provider and name of the type. */
  declarations(): Declarations;
  declarations(): object {
    const made: Record<string, Record<string, unknown>> = {};
    for (const schema of RESOURCE_TYPES) {
      const [provider = "", name = ""] = schema.type.split(".");
      const declare = (name: string, fields: object, options: AnyResourceOptions = {}): AnyResource =>
        this.#declare(schema, { name, fields: { ...fields }, options, origin: callOrigin(declare) });
      (made[provider] ??= {})[name] = declare;
    }
    return made;
  }

  finish(outputs: StackOutputs, options: StackOptions, origin: Origin): Stack {
    this.#isFinished = true;
    const shown = Object.entries(outputs).map(([name, output]): DesiredOutput => {
      this.#requireOwn(output.target, origin, `Cannot show "${outputText(output)}" as output "${name}"`);
      return { name, target: output.target.address, path: output.name, origin };
    });
    const { problems, ...statements } = stackStatements(this.#placed, options, origin);
    return {
      outputs,
      desired: { resources: [...this.#resources.values()], ...statements, outputs: shown },
      problems: [...this.#problems, ...problems],
    };
  }

  #declare(
    schema: OutputSchema & { readonly type: string },
    given: Omit<ResourceDraft, "schema">,
  ): AnyResource {
    invariant(!this.#isFinished, "Resources are declared before the function given to stack() returns");
    const { config, handle, targets, problems } = declareResource({ schema, ...given });
    this.#problems.push(...problems, ...this.#duplicates(config));
    for (const target of targets) {
      this.#requireOwn(target, given.origin, `Unknown dependency "${target.address}" in "${config.address}"`);
    }
    this.#placed.push({ address: config.address, options: given.options, origin: given.origin });
    this.#targets.add(handle[DECLARED]);
    // Of two with one address the first is looked at further.
    if (!this.#resources.has(config.address)) this.#resources.set(config.address, config);
    return handle;
  }

  /** An instance may not have the address of a plain resource, its key left out: a `needs` could mean both. */
  #duplicates({ address, parts, origin }: ResourceConfig): readonly Problem[] {
    const base = formatAddress({ kind: parts.kind, name: parts.name });
    const { plain, keyed } = this.#bases;
    const isKeyed = parts.key !== undefined;
    const other = this.#resources.get(address)?.origin ?? (isKeyed ? plain : keyed).get(base);
    (isKeyed ? keyed : plain).set(base, origin);
    if (other === undefined) return [];
    const place = `${other.file}:${other.line}:${other.column}`;
    return [problem(
      "E-DUP-RESOURCE",
      `Duplicate resource "${address}": the other one is at ${place}`,
      origin,
      "Give it another name, or a kind of its own",
    )];
  }

  #requireOwn(target: DeclaredTarget, origin: Origin, what: string): void {
    if (this.#targets.has(target)) return;
    this.#problems.push(problem("E-UNKNOWN-DEP", `${what}: it belongs to another stack`, origin));
  }
}
