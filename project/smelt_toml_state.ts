import { type Check, meant } from "./smelt_toml_check.ts";
import { type Table, valueAt } from "./smelt_toml_table.ts";

const BACKENDS = ["local", "gcs"];

/** Checks `[state]`: where the logs are kept. Only the project's own folder can be used, and that is what goes without it. */
export function checkState(check: Check, root: Table): void {
  const state = check.table(root, ["state"]);
  if (state === undefined) return;
  check.keys(state, ["state"], ["backend", "bucket", "prefix"]);
  const path = ["state", "backend"];
  if (valueAt(state, "backend") === undefined) {
    check.fail(["state"], `Add "backend" to "[state]"`, 'for example backend = "local"');
    return;
  }
  const backend = check.text(state, path, /^/, "the name of a backend");
  if (backend === undefined) return;
  if (backend === "local" || backend === "") checkLocal(check, state);
  else if (backend === "gcs") checkBucket(check, state);
  else {
    check.fail(
      path,
      `Unknown backend ${JSON.stringify(backend)}`,
      meant(backend, BACKENDS) ?? `Known backends: ${BACKENDS.join(", ")}`,
    );
  }
}

function checkLocal(check: Check, state: Table): void {
  for (const key of ["bucket", "prefix"]) {
    if (valueAt(state, key) === undefined) continue;
    check.fail(["state", key], `Remove "state.${key}": logs of the backend "local" lie in .smelt/log`);
  }
}

function checkBucket(check: Check, state: Table): void {
  if (valueAt(state, "bucket") === undefined) {
    check.fail(["state"], `Add "bucket" to "[state]": the backend "gcs" keeps its logs in one`);
    return;
  }
  check.text(state, ["state", "bucket"], /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, "the name of a bucket");
  check.text(state, ["state", "prefix"], /^[^\p{Cc}]*$/u, "a text without control characters");
  check.fail(
    ["state", "backend"],
    'Cannot use the backend "gcs": it is not available in this version of smelt',
    'logs lie in .smelt/log of the project: write backend = "local"',
  );
}
