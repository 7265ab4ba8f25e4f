/** Loaded before the tests by `deno task fuzz:laws`: every property then tries many more cases than in `deno task test`. */
import fc from "fast-check";

fc.configureGlobal({ numRuns: 10_000 });
