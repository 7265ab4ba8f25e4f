import { readdir, unlink } from "node:fs/promises";
import { ok } from "../engine/result.ts";
import type { DataKeySource } from "./data_key_source.ts";
import { keepInClear, type KeepKey } from "./keep_secret_key.ts";
import { openSecretKey } from "./open_secret_key.ts";
import { refuseWrapped, type Unwrap } from "./secret_key_file.ts";
import { secretKeyPath } from "./secret_key_path.ts";

/** The data keys of an environment as files in `folder`, one a key, named after environment and id. */
export function dataKeyFiles(
  folder: string,
  environment: string,
  { unwrap = refuseWrapped, keep = keepInClear(folder, environment) }: {
    readonly unwrap?: Unwrap;
    readonly keep?: KeepKey;
  } = {},
): DataKeySource {
  const nameOf = (id: string) => ({ environment, use: "encrypt", id }) as const;
  return {
    async load(id) {
      const opened = await openSecretKey(folder, nameOf(id), unwrap);
      return opened.ok ? ok(opened.value.file.key) : opened;
    },
    keep: (id, bytes) => keep({ use: "encrypt", id, bytes }),
    list: () => list(folder, environment),
    destroy: (id) => destroy(secretKeyPath(folder, nameOf(id))),
  };
}

async function list(folder: string, environment: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  const before = `${environment}.data-`;
  return names.filter((name) => name.startsWith(before))
    .flatMap((name) => /^([0-9a-f]{32})\.key$/.exec(name.slice(before.length))?.[1] ?? []).sort();
}

async function destroy(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isAbsent(error)) throw error;
  });
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
