import { PERMISSION_KINDS, type PermissionKind } from "./command_permissions.ts";

/**
 * What no command needs. Without any flag Deno 2.9.6 lets a program import code from a list of hosts, which `--deny-import` does
 * not change; giving it back does. The types of the runtime do not know that permission.
 */
const NEVER_KEPT: readonly Deno.PermissionDescriptor[] = [{ name: "ffi" }, JSON.parse('{"name":"import"}')];

/**
 * Gives back to the runtime every permission of this process but those of the kinds `kept`. It cannot be undone: nothing that
 * runs later in this process, no package and no provider, can do what was given back.
 */
export function keepPermissions(kept: readonly PermissionKind[]): void {
  const dropped = PERMISSION_KINDS.filter((kind) => !kept.includes(kind));
  for (const descriptor of [...NEVER_KEPT, ...dropped.map((name) => ({ name }))]) {
    Deno.permissions.revokeSync(descriptor);
  }
}
