/** `deno run -A tests/crowd/main.ts SEED PROCESSES ROUNDS` lets a crowd apply one stack. Exits with 1 when anything is wrong. */
import { runCrowd } from "./crowd.ts";

const [seed = 1, processCount = 16, roundCount = 20] = Deno.args.map(Number);
const { violations, ends } = await runCrowd(seed, { processCount, roundCount, killedShare: 25 });
const counts = [...ends].sort().map(([end, count]) => `${count} ended with ${end}`).join(", ");
const lines = [...violations.map((each) => `! ${each}`), `crowd: ${counts}; ${violations.length} violations`];
Deno.stdout.writeSync(new TextEncoder().encode(`${lines.join("\n")}\n`));
Deno.exit(violations.length === 0 ? 0 : 1);
