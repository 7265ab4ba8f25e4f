import { join } from "node:path";
import type { WrappedUse } from "./wrapped_key_file.ts";

/** Which secret key of an environment. */
export interface SecretKeyName {
  readonly environment: string;
  readonly use: WrappedUse;
  readonly id: string;
}

/** Where a secret key of an environment lies, in clear or wrapped. */
export function secretKeyPath(folder: string, { environment, use, id }: SecretKeyName): string {
  const kind = use === "encrypt" ? "data" : "digest";
  return join(folder, `${environment}.${kind}-${id}.key`);
}
