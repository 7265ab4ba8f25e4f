import { type Address, parseAddress } from "../engine/address.ts";
import { type Problem, problem, type ProblemCode } from "../engine/problem.ts";
import type { DesiredConfig, Origin } from "../engine/resource_config.ts";
import type { AnyResourceOptions } from "./resource_options.ts";

/** A resource of a stack, and what was said of where its object comes from. */
export interface PlacedOptions {
  readonly address: Address;
  readonly options: AnyResourceOptions;
  readonly origin: Origin;
}

/** What may be said of a stack beside its resources. */
export interface StackOptions {
  /** Addresses that are forgotten while their objects stay, as by `removed`. */
  readonly removed?: readonly string[];
}

/** What files say by `moved`, `removed` and `import`, and what is wrong with it. */
export interface StackStatements extends Pick<DesiredConfig, "moved" | "removed" | "imports"> {
  readonly problems: readonly Problem[];
}

/** Reads what is said of moves, imports and removals; `origin` is the place of the stack. */
export function stackStatements(
  resources: readonly PlacedOptions[],
  { removed = [] }: StackOptions,
  origin: Origin,
): StackStatements {
  const reader = new StatementReader(new Set(resources.map((each) => each.address)));
  return {
    moved: resources.flatMap(({ address, options: { movedFrom }, origin }) => {
      const from = movedFrom === undefined ? undefined : reader.read("move", movedFrom, origin);
      return from === undefined ? [] : [{ from, to: address, origin }];
    }),
    imports: resources.flatMap(({ address, options: { importId: id }, origin }) =>
      id === undefined ? [] : [{ id, address, origin }]
    ),
    removed: removed.flatMap((text) => {
      const address = reader.read("remove", text, origin);
      return address === undefined ? [] : [{ address, origin }];
    }),
    problems: reader.problems,
  };
}

/** What is moved or removed must no longer be declared, and goes to one place: the stack would want it and not want it. */
class StatementReader {
  readonly problems: Problem[] = [];
  readonly #declared: ReadonlySet<Address>;
  readonly #said = new Set<Address>();

  constructor(declared: ReadonlySet<Address>) {
    this.#declared = declared;
  }

  read(verb: "move" | "remove", text: string, origin: Origin): Address | undefined {
    const refuse = (code: ProblemCode, why: string) => {
      this.problems.push(problem(code, `Cannot ${verb} "${text}": ${why}`, origin));
      return undefined;
    };
    const address = parseAddress(text)?.address;
    if (address === undefined) return refuse("E-SYNTAX", "expected an address, for example network.main");
    if (this.#declared.has(address)) return refuse("E-DUP-RESOURCE", "the stack still declares it");
    if (this.#said.has(address)) return refuse("E-DUP-RESOURCE", "it is moved or removed elsewhere already");
    this.#said.add(address);
    return address;
  }
}
