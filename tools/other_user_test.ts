import { deepStrictEqual } from "node:assert/strict";
import { nobodyOf } from "./other_user.ts";

Deno.test("nobodyOf() finds the user without rights", () => {
  const passwd =
    "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n";
  deepStrictEqual(nobodyOf(passwd), { name: "nobody", uid: 65534, gid: 65533 });
});

Deno.test("nobodyOf() takes neither a missing user nor one with the rights of root", () => {
  deepStrictEqual(nobodyOf("root:x:0:0::/:/bin/sh\n"), undefined);
  deepStrictEqual(nobodyOf("nobody:x:0:0::/:/bin/sh\n"), undefined);
});
