/**
 * The tour: tells what smelt does by running the real program in a temporary folder, and checks at each step that it did.
 * `demo.ts --keep` leaves the folder. Exits with 1 at the first command that ends otherwise than it must.
 */
import { join } from "node:path";
import { countObjects, countsText, expectCounts } from "./demo_ledger.ts";
import {
  announce,
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

if (import.meta.main) Deno.exit(runDemo(Deno.args));

function runDemo(args: readonly string[]): number {
  const stage = openStage();
  // Whatever runs gets the interrupt as well and ends; its exit code then ends the demo.
  Deno.addSignalListener("SIGINT", () => undefined);
  try {
    tellStory(stage);
  } catch (error) {
    if (!(error instanceof DemoStopped)) throw error;
    complain(`\nThe demo stopped: ${error.message}`);
    complain(`Its folder is kept: ${stage.folder}`);
    return 1;
  }
  if (args.includes("--keep")) {
    say(`\nThe project is kept. To go on with it:`);
    say(`  export SMELT_STATE_HOME=${quoted(join(stage.folder, "state"))}`);
    say(`  cd ${quoted(stage.project)}`);
  } else Deno.removeSync(stage.folder, { recursive: true });
  return 0;
}

function tellStory(stage: Stage): void {
  const start = performance.now();
  makeProject(stage);
  applyFirst(stage);
  updateInPlace(stage);
  replaceServer(stage);
  healFile(stage);
  surviveKill(stage);
  readLog(stage);
  refuseDamage(stage);
  destroyAll(stage);
  announce("Done");
  tell("Every command was run for real, and ended as it must");
  tell(`The cloud ${countsText(countObjects(stage))}`);
  tell(`${((performance.now() - start) / 1000).toFixed(1)} s. Next: README.md, examples/quickstart`);
}

function makeProject(stage: Stage): void {
  announce("1. A project: a folder with a key and a signed log");
  tell(
    "The cloud of this tour is a simulated one inside smelt; it keeps its own journal, and needs no account",
  );
  type(stage, `${runtimeName()} task -q --config=${quoted(join(SOURCE, "deno.json"))} smelt init`);
  tell(
    "The launcher ./smelt starts the program; it may read and write this folder and its own notes on pins, no more",
  );
  type(stage, `cp ${quoted(join(SOURCE, "examples/quickstart"))}/*.smelt .`);
  type(stage, "cat shop.smelt");
  type(stage, "./smelt validate");
}

function applyFirst(stage: Stage): void {
  announce("2. Plan, apply, and an empty second plan");
  type(stage, "./smelt plan");
  tell("An apply shows the plan again; cut here");
  type(stage, "./smelt apply --yes 2>&1 | sed -n '/^Run /,$p'");
  tell("With --detailed-exitcode a plan with changes ends with 2. This one ends with 0:");
  type(stage, "./smelt plan --detailed-exitcode");
  expectCounts("After the first apply", countObjects(stage), { created: 6, deleted: 0 });
}

function updateInPlace(stage: Stage): void {
  announce("3. An edit that updates");
  edit(stage, "shop.smelt", ["storage_gb = 20", "storage_gb = 40"]);
  type(stage, "./smelt apply --yes --why 'orders grow'");
}

function replaceServer(stage: Stage): void {
  announce("4. An edit that replaces: create before destroy");
  edit(stage, "shop.smelt", ['image = "debian-12"', 'image = "debian-13"']);
  type(stage, "./smelt apply --yes");
  tell(
    "The log says in which order: the new server, then the address that points to it, then the old server",
  );
  type(stage, "./smelt history | tail -n 9 | cut -c 1-120");
  expectCounts("After the replacement", countObjects(stage, "sim.Instance"), { created: 2, deleted: 1 });
}

function healFile(stage: Stage): void {
  announce("5. A file changed by hand");
  type(stage, "echo 'Disallow: /' > out/robots.txt");
  type(stage, "./smelt plan --detailed-exitcode", 2);
  type(stage, "./smelt apply --yes");
  type(stage, "cat out/robots.txt");
  say("");
}

function surviveKill(stage: Stage): void {
  announce("6. kill -9 at the worst moment");
  Deno.writeTextFileSync(join(stage.project, "queues.smelt"), QUEUES);
  type(stage, "cat queues.smelt");
  tell(
    "One at a time. At the third queue the process is killed: the cloud has made the queue and has not answered",
  );
  type(stage, `SMELT_SIM_FAULTS='${KILL}' ./smelt apply --yes --parallelism 1`, KILLED);
  expectCounts("After the kill", countObjects(stage, "sim.Queue"), { created: 3, deleted: 0 });
  tell(
    "Three queues exist, and the log knows the ids of two. The next run finds the third by the token of its intent",
  );
  type(stage, "./smelt apply --yes");
  expectCounts("After the next run", countObjects(stage, "sim.Queue"), { created: QUEUE_COUNT, deleted: 0 });
  tell("The cloud's own journal: five queues were ever made, each wanted one once");
  type(stage, `grep -c '"fact":"Created".*"type":"sim.Queue"' .smelt/sim/journal.jsonl`);
  type(stage, "./smelt plan --detailed-exitcode");
}

function readLog(stage: Stage): void {
  announce("7. The log");
  type(stage, "./smelt history | grep -e 'whose process was gone' -e 'settled as'");
  type(stage, "./smelt audit verify");
}

function refuseDamage(stage: Stage): void {
  announce("8. One flipped bit");
  const before = countObjects(stage);
  const whole = flipBit(stage, LOG, '"image":"debian-13');
  tell(`In ${LOG} the first "debian-13" reads "debian-12" now, one bit apart`);
  type(stage, "./smelt plan", DAMAGED);
  type(stage, "./smelt apply --yes", DAMAGED);
  expectCounts("With a damaged log", countObjects(stage), before);
  tell("Nothing was called and nothing was written. The byte is put back");
  Deno.writeFileSync(join(stage.project, LOG), whole);
  type(stage, "./smelt audit verify | tail -n 1");
}

function destroyAll(stage: Stage): void {
  announce("9. Destroy");
  type(stage, "./smelt destroy --yes");
  type(stage, "./smelt query");
  type(stage, "./smelt audit verify | tail -n 1");
  const { created } = countObjects(stage);
  expectCounts("After the destroy", countObjects(stage), { created, deleted: created });
}
