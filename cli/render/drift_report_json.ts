import type { DriftedPart } from "../../engine/drift_sides.ts";
import type { DriftedResource } from "../../engine/find_drift.ts";
import type { Value } from "../../engine/value.ts";
import type { ShownDrift } from "../../project/drift_project.ts";
import { EXIT_CODES, type ExitKind } from "../exit_code.ts";
import { type Printable, sortedKeys } from "./json_text.ts";

/** Drift for scripts. `wanted` is left out where the files say nothing of a part. */
export function driftReportJson(shown: ShownDrift, exit: ExitKind): Printable {
  const { environment, madeOn, report, named } = shown;
  const { drifted, unread, sameCount } = report;
  const goneCount = drifted.filter(({ kind }) => kind === "gone").length;
  return {
    schema: "smelt.drift.v1",
    environment,
    made_on: { seq: madeOn.seq, hash: madeOn.hash },
    resources: drifted.map((each) => resourceJson(each, named)),
    unread: unread.map(({ address, type, why }) => ({ address, type, why })),
    summary: {
      changed: drifted.length - goneCount,
      gone: goneCount,
      unread: unread.length,
      as_recorded: sameCount,
    },
    exit: { code: EXIT_CODES[exit], kind: exit },
  };
}

function resourceJson(drifted: DriftedResource, named: ReadonlySet<string>): Printable {
  const { address, type, id, kind } = drifted;
  const parts = drifted.kind === "gone"
    ? []
    : [...drifted.fields.flatMap((each) => each.parts), ...drifted.outputs];
  return {
    address,
    type,
    object_id: id,
    state: kind,
    in_files: named.has(address),
    parts: parts.map(partJson),
  };
}

function partJson({ path, wanted, recorded, live }: DriftedPart): Printable {
  return {
    path,
    wanted: wanted.kind === "open" ? undefined : sideJson(wanted.value),
    recorded: sideJson(recorded),
    live: sideJson(live),
  };
}

function sideJson(value: Value | undefined): Printable {
  return value === undefined ? null : sortedKeys(value);
}
