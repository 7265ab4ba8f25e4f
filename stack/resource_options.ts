import type { Annotations } from "../engine/resource_config.ts";
import { type Output, outputInText, outputText } from "./output.ts";
import type { AnyResource } from "./resource_handle.ts";

/** What may be said of a resource beside its fields: its address, and what the annotations of the language say. */
export interface AnyResourceOptions {
  /** The first part of the address; the last part of the type in lower case when left out. */
  readonly kind?: string;
  /** The key of an instance, as `for_each` and `count` give one: `kind.name[key]`. */
  readonly key?: string;
  /** What it is for; shown in plans and kept in the log. */
  readonly intent?: string;
  /** The team or person to ask. */
  readonly owner?: string;
  /** Rules that should hold, as `@constraint` writes them. */
  readonly constraints?: readonly string[];
  /** Neither deleted nor replaced, as by `@lifecycle "prevent_destroy"`. */
  readonly protect?: boolean;
  /** Forgotten instead of deleted, as by `@lifecycle "retain"`. */
  readonly retain?: boolean;
  /** Fields and sections whose differences are no reason to change anything: `field`, `section`, `section.field`. */
  readonly ignoreChanges?: readonly string[];
  /** Resources that must be there before, though it takes nothing of them. */
  readonly dependsOn?: readonly AnyResource[];
  /** Outputs of other resources, a change of which replaces this one; as by `@replace_triggered_by`. */
  readonly replaceTriggeredBy?: readonly Output<unknown>[];
  /** The address that it had before, as by `moved`: its object is kept. */
  readonly movedFrom?: string;
  /** The id of an object that is there already and is taken over, as by `import`. */
  readonly importId?: string;
  /** Milliseconds that a call may take, 24 hours at most, where they differ from the type's. */
  readonly timeoutsMs?: Annotations["timeoutsMs"];
}

const LONGEST_TIMEOUT_MS = 24 * 60 * 60 * 1000;

/** The annotations that say what `options` say. */
export function annotationsOf(options: AnyResourceOptions): Annotations {
  const isProtected = options.protect === true;
  const isRetained = options.retain === true;
  return {
    intent: options.intent,
    owner: options.owner,
    constraints: options.constraints ?? [],
    lifecycle: [...(isProtected ? ["prevent_destroy"] : []), ...(isRetained ? ["retain"] : [])],
    isProtected,
    isRetained,
    ignoreChanges: options.ignoreChanges ?? [],
    replaceTriggeredBy: (options.replaceTriggeredBy ?? []).map(outputText),
    timeoutsMs: options.timeoutsMs ?? {},
  };
}

/** What is wrong with options, whatever the type; each goes on after `Cannot declare …: `. */
export function optionFaults(options: AnyResourceOptions): readonly string[] {
  const { intent = "", owner = "", constraints = [], timeoutsMs = {} } = options;
  const texts = [["intent", intent], ["owner", owner], ...constraints.map((each) => ["constraint", each])];
  return [
    ...texts.flatMap(([what = "", text = ""]) => {
      const output = outputInText(text);
      return output === undefined ? [] : [`"${output}" was put into its ${what}, which is kept as written`];
    }),
    ...Object.entries(timeoutsMs).filter(([, ms]) => !isTimeout(ms)).map(([operation, ms]) =>
      `expected 1 to ${LONGEST_TIMEOUT_MS} milliseconds for "${operation}", found ${ms}`
    ),
  ];
}

function isTimeout(ms: number): boolean {
  return Number.isInteger(ms) && ms >= 1 && ms <= LONGEST_TIMEOUT_MS;
}
