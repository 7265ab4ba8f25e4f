import { isRecord, record, Unknown, type Value } from "../engine/value.ts";
import type { Extent } from "./expand_findings.ts";
import type { ExpandWork, Scope } from "./expand_scope.ts";

/** A name in a value or in `${…}`, and where it stands. */
interface Reference {
  readonly name: string;
  readonly extent: Extent;
}

/** `env("NAME")`, `env("NAME", "FALLBACK")`. */
export function readEnvironment(
  work: ExpandWork,
  scope: Scope,
  reference: Reference & { readonly fallback: string | undefined },
): Value {
  const { name, fallback, extent } = reference;
  const value = work.env(name) ?? fallback;
  if (value !== undefined) return value;
  work.findings.report(scope.tree, extent, {
    code: "E-ENV-UNSET",
    message: `Set the environment variable "${name}": it is not set`,
    hint: `a default is written env("${name}", "default")`,
  });
  return null;
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
  return null;
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
    return null;
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
      return null;
    }
    value = next;
    way += `.${name}`;
  }
  return value;
}

/** `var.NAME`, which this version does not have. */
export function refuseVar(work: ExpandWork, scope: Scope, reference: Reference): Value {
  work.findings.report(scope.tree, reference.extent, {
    code: "E-SYNTAX",
    message:
      `Cannot read "var.${reference.name}": project variables are not available in this version of smelt`,
    hint:
      'use env("NAME"), a component parameter or the value itself; the plain text ${var.x} is written \\${var.x}',
  });
  return null;
}
