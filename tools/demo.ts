/**
 * The tour: tells what smelt does by running the real program in a temporary folder, and checks at each step that it did.
 * `demo.ts --keep` leaves the folder. Exits with 1 at the first command that ends otherwise than it must.
 */
import { join } from "node:path";
import { countObjects, countsText, expectCounts } from "./demo_ledger.ts";
import {
  announce,
  DemoInterrupted,
  DemoStopped,
  edit,
  flipBit,
  openStage,
  quoted,
  runtimeName,
  SOURCE,
  type Stage,
  tell,
  type,
} from "./demo_stage.ts";
import { complain, say } from "./say.ts";

const QUEUES = `# Work that the shop does later.

resource queue "work" : sim.Queue {
  @intent "Work that can wait"

  for_each = ["invoices", "mails", "refunds", "reports", "returns"]

  name = "shop-\${each.value}"
}
`;
const QUEUE_COUNT = 5;
/** The sim cloud kills whoever asks it for a third queue, after it has made that queue and before it answers. */
const KILL = '[{"operation":"create","type":"sim.Queue","nth":3,"effect":"crashAfter"}]';
const LOG = ".smelt/log/default.log";
/** How a shell tells that SIGKILL ended a process. */
const KILLED = 137;
/** What smelt ends with when the log is not what was signed. */
const DAMAGED = 6;
const INTERRUPTED = 130;

if (import.meta.main) Deno.exit(await runDemo(Deno.args));

async function runDemo(args: readonly string[]): Promise<number> {
  const stage = openStage();
  try {
    await tellStory(stage);
  } catch (error) {
    if (error instanceof DemoStopped) {
      complain(`\nThe demo stopped: ${error.message}`);
      complain(`Its folder is kept: ${stage.folder}`);
      return 1;
    }
    removeStage(stage);
    if (error instanceof DemoInterrupted) return INTERRUPTED;
    // Whoever read has gone, as `deno task demo | head` does.
    if (error instanceof Deno.errors.BrokenPipe) return 0;
    throw error;
  }
  if (args.includes("--keep")) {
    say(`\nThe project is kept. To go on with it:`);
    say(`  export SMELT_STATE_HOME=${quoted(join(stage.folder, "state"))}`);
    say(`  cd ${quoted(stage.project)}`);
  } else removeStage(stage);
  return 0;
}

function removeStage({ folder }: Stage): void {
  Deno.removeSync(folder, { recursive: true });
}

async function tellStory(stage: Stage): Promise<void> {
  const start = performance.now();
  await makeProject(stage);
  await applyFirst(stage);
  await updateInPlace(stage);
  await replaceServer(stage);
  await healFile(stage);
  await surviveKill(stage);
  await readLog(stage);
  await refuseDamage(stage);
  await destroyAll(stage);
  announce("Done");
  tell("Every command was run for real, and ended as it must");
  tell(`The cloud ${countsText(countObjects(stage))}`);
  tell(`${((performance.now() - start) / 1000).toFixed(1)} s. Next: README.md, examples/quickstart`);
}

async function makeProject(stage: Stage): Promise<void> {
  announce("1. A project: a folder with a key and a signed log");
  tell(
    "The cloud of this tour is a simulated one inside smelt; it keeps its own journal, and needs no account",
  );
  await type(stage, `${runtimeName()} task -q --config=${quoted(join(SOURCE, "deno.json"))} smelt init`);
  tell(
    "The launcher ./smelt starts the program; it may read and write this folder and its own notes on pins, no more",
  );
  await type(stage, `cp ${quoted(join(SOURCE, "examples/quickstart"))}/*.smelt .`);
  await type(stage, "cat shop.smelt");
  await type(stage, "./smelt validate");
}

async function applyFirst(stage: Stage): Promise<void> {
  announce("2. Plan, apply, and an empty second plan");
  await type(stage, "./smelt plan");
  tell("An apply shows the plan again; cut here");
  await type(stage, "./smelt apply --yes 2>&1 | sed '/^Plan /,/ to create$/d'");
  tell("With --detailed-exitcode a plan with changes ends with 2. This one ends with 0:");
  await type(stage, "./smelt plan --detailed-exitcode");
  expectCounts("After the first apply", countObjects(stage), { created: 6, deleted: 0 });
}

async function updateInPlace(stage: Stage): Promise<void> {
  announce("3. An edit that updates");
  edit(stage, "shop.smelt", ["storage_gb = 20", "storage_gb = 40"]);
  await type(stage, "./smelt apply --yes --why 'orders grow'");
}

async function replaceServer(stage: Stage): Promise<void> {
  announce("4. An edit that replaces: create before destroy");
  edit(stage, "shop.smelt", ['image = "debian-12"', 'image = "debian-13"']);
  await type(stage, "./smelt apply --yes");
  tell(
    "The log says in which order: the new server, then the address that points to it, then the old server",
  );
  await type(stage, "./smelt history | tail -n 9 | cut -c 1-120");
  expectCounts("After the replacement", countObjects(stage, "sim.Instance"), { created: 2, deleted: 1 });
}

async function healFile(stage: Stage): Promise<void> {
  announce("5. A file changed by hand");
  await type(stage, "echo 'Disallow: /' > out/robots.txt");
  await type(stage, "./smelt plan --detailed-exitcode", 2);
  await type(stage, "./smelt apply --yes");
  await type(stage, "cat out/robots.txt");
  say("");
}

async function surviveKill(stage: Stage): Promise<void> {
  announce("6. kill -9 at the worst moment");
  await Deno.writeTextFile(join(stage.project, "queues.smelt"), QUEUES);
  await type(stage, "cat queues.smelt");
  tell(
    "One at a time. At the third queue the process is killed: the cloud has made the queue and has not answered",
  );
  await type(stage, `SMELT_SIM_FAULTS='${KILL}' ./smelt apply --yes --parallelism 1`, KILLED);
  expectCounts("After the kill", countObjects(stage, "sim.Queue"), { created: 3, deleted: 0 });
  tell(
    "Three queues exist, and the log knows the ids of two. The next run finds the third by the token of its intent",
  );
  await type(stage, "./smelt apply --yes");
  expectCounts("After the next run", countObjects(stage, "sim.Queue"), { created: QUEUE_COUNT, deleted: 0 });
  tell("The cloud's own journal: five queues were ever made, each wanted one once");
  await type(stage, `grep -c '"fact":"Created".*"type":"sim.Queue"' .smelt/sim/journal.jsonl`);
  await type(stage, "./smelt plan --detailed-exitcode");
}

async function readLog(stage: Stage): Promise<void> {
  announce("7. The log");
  await type(stage, "./smelt history | grep -e 'whose process was gone' -e 'settled as'");
  await type(stage, "./smelt audit verify");
}

async function refuseDamage(stage: Stage): Promise<void> {
  announce("8. One flipped bit");
  const before = countObjects(stage);
  const whole = flipBit(stage, LOG, '"image":"debian-13');
  tell(`In ${LOG} the first "debian-13" reads "debian-12" now, one bit apart`);
  await type(stage, "./smelt plan", DAMAGED);
  await type(stage, "./smelt apply --yes", DAMAGED);
  expectCounts("With a damaged log", countObjects(stage), before);
  tell("Nothing was called and nothing was written. The byte is put back");
  await Deno.writeFile(join(stage.project, LOG), whole);
  await type(stage, "./smelt audit verify | tail -n 1");
}

async function destroyAll(stage: Stage): Promise<void> {
  announce("9. Destroy");
  await type(stage, "./smelt destroy --yes");
  await type(stage, "./smelt query");
  await type(stage, "./smelt audit verify | tail -n 1");
  const { created } = countObjects(stage);
  expectCounts("After the destroy", countObjects(stage), { created, deleted: created });
}
