import { CIPHERTEXT_PREFIX } from "../engine/ciphertext.ts";
import { isRecord, record, Unknown, type Value } from "../engine/value.ts";
import type { Extent } from "./expand_findings.ts";
import type { ExpandWork, Scope } from "./expand_scope.ts";

/** A name in a value or in `${…}`, and where it stands. */
interface Reference {
  readonly name: string;
  readonly extent: Extent;
}

/** Stands for a value that an error keeps from being known, so that nothing else is wrong because of it. */
function unresolved(): Unknown {
  return new Unknown("an error in the files");
}

/** `env("NAME")`, `env("NAME", "FALLBACK")`. */
export function readEnvironment(
  work: ExpandWork,
  scope: Scope,
  reference: Reference & { readonly fallback: string | undefined },
): Value {
  const { name, fallback, extent } = reference;
  const value = work.env(name) ?? fallback;
  if (typeof value === "string") return readPlainText(work, scope, { text: value, extent });
  if (value !== undefined) return value;
  work.findings.report(scope.tree, extent, {
    code: "E-ENV-UNSET",
    message: `Set the environment variable "${name}": it is not set`,
    hint: `a default is written env("${name}", "default")`,
  });
  return unresolved();
}

/** A text as it is. A ciphertext is none: nothing would decrypt it, and it would be sent as it is. */
export function readPlainText(
  work: ExpandWork,
  scope: Scope,
  { text, extent }: { readonly text: string; readonly extent: Extent },
): Value {
  if (!text.startsWith(CIPHERTEXT_PREFIX)) return text;
  work.findings.report(scope.tree, extent, {
    code: "E-SECRET",
    message:
      `Put the ciphertext into secret("…"): outside of it no text may begin with "${CIPHERTEXT_PREFIX}"`,
  });
  return unresolved();
}

/** `param.NAME`. */
export function readParam(work: ExpandWork, scope: Scope, reference: Reference): Value {
  const { name, extent } = reference;
  const argument = scope.params?.get(name);
  if (argument !== undefined) return argument.value;
  work.findings.report(scope.tree, extent, {
    code: "E-UNRESOLVED-PARAM",
    ...(scope.params === undefined
      ? {
        message: `Unresolved "param.${name}": parameters have values only inside components`,
      }
      : {
        message: `Unresolved "param.${name}": the component declares no such parameter` +
          suggestion(work, name, scope.params.keys()),
      }),
  });
  return unresolved();
}

function suggestion(work: ExpandWork, name: string, candidates: Iterable<string>): string {
  return work.findings.suggestion(name, candidates).replace(/^:/, ",");
}

/** `each.index`, `each.key`, `each.value`, `each.value.field`. */
export function readEach(
  work: ExpandWork,
  scope: Scope,
  reference: {
    readonly of: "value" | "index" | "key";
    readonly path: readonly string[];
    readonly extent: Extent;
  },
): Value {
  const { each } = scope;
  if (each === undefined) {
    work.findings.report(scope.tree, reference.extent, {
      code: "E-EACH-OUTSIDE",
      message: `Unresolved "each.${reference.of}": the resource has no "for_each" and no "count"`,
    });
    return unresolved();
  }
  if (reference.of === "index") return each.index;
  if (reference.of === "key") return each.key;
  return readPath(work, scope, { ...reference, element: each.value });
}

function readPath(
  work: ExpandWork,
  scope: Scope,
  reference: { readonly path: readonly string[]; readonly extent: Extent; readonly element: Value },
): Value {
  let value = reference.element;
  let way = "each.value";
  for (const name of reference.path) {
    if (value instanceof Unknown) return value;
    const fields = isRecord(value) ? value : record();
    const next = fields[name];
    if (next === undefined) {
      const found = isRecord(value)
        ? `no field of that name${suggestion(work, name, Object.keys(value))}`
        : "no record";
      work.findings.report(scope.tree, reference.extent, {
        code: "E-FOREACH-VALUE",
        message: `Cannot read "${way}.${name}": instance [${scope.each?.key}] has ${found}`,
      });
      return unresolved();
    }
    value = next;
    way += `.${name}`;
  }
  return value;
}

/** `var.NAME`: a value that `smelt.toml` gives the environment. */
export function readVar(work: ExpandWork, scope: Scope, reference: Reference): Value {
  const { name, extent } = reference;
  const value = work.variables.get(name);
  if (value !== undefined) return value;
  work.findings.report(scope.tree, extent, {
    code: "E-UNKNOWN-VAR",
    message: `Unknown "var.${name}" in the environment "${work.environment}"${
      work.findings.suggestion(name, work.variables.keys())
    }`,
    hint: varHint(reference, work.environment),
  });
  return unresolved();
}

function varHint({ name, extent }: Reference, environment: string): string {
  const set = SETTING_NAMES.includes(name)
    ? `set "${name}" in [environments.${environment}] of smelt.toml`
    : `add it to "vars" in [environments.${environment}] of smelt.toml`;
  const isInText = "start" in extent;
  return isInText ? `${set}; the plain text \${var.${name}} is written \\\${var.${name}}` : set;
}

/** Variables that are settings of an environment, beside its `vars`. */
export const SETTING_NAMES: readonly string[] = ["region", "project_id"];
