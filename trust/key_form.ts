import type { KmsKeyName } from "./kms_key_name.ts";

/** How a secret key lies on the disk. `wrapped`: only the key service opens it, by the key `under`. */
export type KeyForm = { readonly kind: "clear" } | { readonly kind: "wrapped"; readonly under: KmsKeyName };
