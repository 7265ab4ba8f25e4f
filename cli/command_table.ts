import { SBOM_VERSIONS } from "../audit/sbom_version.ts";
import { CHANGE_KINDS } from "../engine/change_impact.ts";
import { SHELLS } from "./completion_script.ts";
import { SCOPE_OPTIONS } from "./scope_request.ts";
import type { ArgSpec, CommandSpec, OptionSpec } from "./command_spec.ts";
import {
  ADVISORY_DB,
  ATTEST_OPTIONS,
  AUDIT_RULES,
  IMAGE_OPTIONS,
  MANIFEST_OPTIONS,
  REGISTRY_ACCESS,
} from "./image_option_specs.ts";

const ENVIRONMENT: ArgSpec = {
  name: "env",
  summary: "environment; the project's default one when left out",
  arity: "optional",
};
const FILES: ArgSpec = {
  name: "files",
  summary: "files to read; all *.smelt below the project's root when left out",
  arity: "any",
};

const IMAGE_PLACE: ArgSpec = {
  name: "place",
  summary:
    "an image of a layout, such as out:v1, or a folder with a Cargo.lock in it or above it (default .)",
  arity: "optional",
};
const LAYOUT: ArgSpec = {
  name: "layout",
  summary: "a folder in the OCI layout, and the tag of an image in it: out/web:v1",
  arity: "required",
};

const JSON_OUTPUT: OptionSpec = { name: "json", summary: "print JSON", value: undefined };
const YES: OptionSpec = { name: "yes", summary: "do not ask", value: undefined };
const NO_REFRESH: OptionSpec = {
  name: "no-refresh",
  summary: "take stored resources as the log has them, without reading them",
  value: undefined,
};
const PARALLELISM: OptionSpec = {
  name: "parallelism",
  summary: "how many resources may change at once (default 10)",
  value: "n",
  minimum: 1,
};
const WHY: OptionSpec = {
  name: "why",
  summary: "the reason, kept in the signed log",
  value: "text",
  maximumLength: 1000,
};
const FULL: OptionSpec = {
  name: "full",
  summary: "show all of the plan: nothing of what is long is cut, and defaults are shown too",
  value: undefined,
};
const PLAN_FILE: OptionSpec = {
  name: "plan-file",
  summary: "carry out the plan that plan --out has written",
  value: "file",
};
const CONFIRM: OptionSpec = {
  name: "confirm",
  summary: "name a protected environment to change it without being asked for its name",
  value: "env",
};

const REFRESH_ONLY: OptionSpec = {
  name: "refresh-only",
  summary: "read no file; only what lives otherwise than the log saw it last",
  value: undefined,
};
const ALLOW_GONE: OptionSpec = {
  name: "allow-gone",
  summary: "go on when most of what a provider held is not found",
  value: undefined,
};
const ALL_DRIFT: OptionSpec = { name: "all", summary: "everything that has drifted", value: undefined };
const DRIFTED_ADDRESS: ArgSpec = {
  name: "address",
  summary: "for example net.main; left out with --all",
  arity: "optional",
};
const AT: OptionSpec = {
  name: "at",
  summary: "as of this record, or of the last one until this time",
  value: "seq|time",
};
const OF_RUN: OptionSpec = { name: "run", summary: "only of the run that begins so", value: "run" };
const SINCE: OptionSpec = { name: "since", summary: "only from this record or time on", value: "seq|time" };
const LIMIT: OptionSpec = { name: "limit", summary: "only the last so many events", value: "n", minimum: 1 };

const HELD: OptionSpec = {
  name: "checkpoint",
  summary: "hold the log against this signed checkpoint, which was kept elsewhere",
  value: "file",
};
const KEY_NAME: ArgSpec = {
  name: "name",
  summary: "of a file in .smelt/keys/; the key that signs here when left out",
  arity: "optional",
};
const OUT: OptionSpec = { name: "out", short: "o", summary: "write it to this file", value: "file" };

const STORED_ADDRESS: ArgSpec = { name: "address", summary: "for example net.main", arity: "required" };

const RUN: ArgSpec = {
  name: "run",
  summary: "the first digits of its name, 6 at least",
  arity: "required",
};

const REVEAL: OptionSpec = {
  name: "reveal",
  summary: "show secrets in clear, once the log says that they were",
  value: undefined,
};
const FORCE: OptionSpec = {
  name: "force",
  summary: "show secrets though standard output is no terminal",
  value: undefined,
};
const SECRET_FILE: OptionSpec = {
  name: "out",
  short: "o",
  summary: "write what is revealed to a new file that only you can read",
  value: "file",
};
const PLACE: ArgSpec = {
  name: "place",
  summary: "where it stands in the files, for example db.main.auth.password",
  arity: "required",
};

/** Every command, in the order in which the help lists them. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    path: ["init"],
    summary: "make this folder a project: smelt.toml, keys, the first record of the log and its pin",
    details:
      "With the name of an environment that smelt.toml does not hold yet, adds that environment to the project.",
    args: [ENVIRONMENT],
    options: [
      { name: "name", summary: "name of the project; the folder's name when left out", value: "name" },
      { name: "signing-key", summary: "the key in AWS KMS that signs, as kms:alias/NAME", value: "key" },
      { name: "secrets-key", summary: "the key in AWS KMS that wraps those of secrets", value: "key" },
      JSON_OUTPUT,
    ],
    load: () => import("./command/init.ts"),
  },
  {
    path: ["envs"],
    summary: "list the environments: what smelt.toml says of each, and what its log holds",
    args: [],
    options: [JSON_OUTPUT],
    load: () => import("./command/envs.ts"),
  },
  {
    path: ["env", "list"],
    summary: "the same as envs",
    args: [],
    options: [JSON_OUTPUT],
    load: () => import("./command/envs.ts"),
  },
  {
    path: ["env", "show"],
    summary: "tell all about one environment, its variables too",
    args: [ENVIRONMENT],
    options: [JSON_OUTPUT],
    load: () => import("./command/env_show.ts"),
  },
  {
    path: ["env", "create"],
    summary: "write a new environment into smelt.toml, and leave everything else there as it is",
    details: "It has no log until smelt init NAME.",
    args: [{ name: "name", summary: "for example staging", arity: "required" }],
    options: [
      { name: "layers", summary: "its layers, the last one counts most", value: "a,b" },
      { name: "region", summary: "what var.region stands for", value: "region" },
      { name: "project-id", summary: "what var.project_id stands for", value: "id" },
      {
        name: "var",
        summary: "a variable; may be given more than once",
        value: "name=value",
        repeatable: true,
      },
      { name: "protected", summary: "changing it takes its name", value: undefined },
      JSON_OUTPUT,
    ],
    load: () => import("./command/env_create.ts"),
  },
  {
    path: ["env", "policy"],
    summary: "tell what a change of an environment takes, or set it",
    details:
      "Without an option, tells it. With one, an admin sets it, in the log and in smelt.toml: lowering it in smelt.toml alone is refused. Where approvals are asked for, nothing changes but by a saved plan that so many other keys have approved.",
    args: [ENVIRONMENT],
    options: [
      {
        name: "approvals",
        summary: "how many keys beside the one that applies a plan must have approved it; 0: none",
        value: "n",
        minimum: 0,
      },
      { name: "protect", summary: "a change takes the name of the environment", value: undefined },
      { name: "unprotect", summary: "it does not", value: undefined },
      YES,
      JSON_OUTPUT,
      WHY,
      CONFIRM,
    ],
    load: () => import("./command/env_policy.ts"),
  },
  {
    path: ["env", "delete"],
    summary: "end an environment in which nothing lives any more: close its log, take it out of smelt.toml",
    details: "The log is kept, below .smelt/log/closed. The default environment cannot be deleted.",
    args: [{ name: "name", summary: "for example staging", arity: "required" }],
    options: [YES, JSON_OUTPUT, WHY, CONFIRM],
    load: () => import("./command/env_delete.ts"),
  },
  {
    path: ["validate"],
    summary: "check the files against the language and the schemas, all errors at once",
    details:
      "Makes the whole configuration of every environment of smelt.toml, layers and variables in place. Touches neither " +
      "the network nor environment variables: what env() reads stays unknown.",
    args: [FILES],
    options: [
      { name: "env", summary: "check only this environment", value: "env" },
      { name: "strict", summary: "take warnings for errors", value: undefined },
      JSON_OUTPUT,
    ],
    load: () => import("./command/validate.ts"),
  },
  {
    path: ["fmt"],
    summary: "write the files in their canonical form",
    details:
      'Given "-", formats standard input to standard output, for editors. In a diff the texts of secret("…") and of fields ' +
      "that some type calls sensitive are bullets.",
    args: [FILES],
    options: [
      { name: "check", summary: "write nothing; exit 1 when a file would change", value: undefined },
      { name: "diff", summary: "write nothing; print what would change", value: undefined },
    ],
    load: () => import("./command/fmt.ts"),
  },
  {
    path: ["plan"],
    summary: "show what an apply would change",
    args: [ENVIRONMENT, FILES],
    options: [
      JSON_OUTPUT,
      NO_REFRESH,
      REFRESH_ONLY,
      ALLOW_GONE,
      ...SCOPE_OPTIONS,
      { name: "destroy", summary: "plan what destroy would delete", value: undefined },
      { name: "out", short: "o", summary: "sign the plan into a file, for apply --plan-file", value: "file" },
      {
        name: "expires",
        summary: "how long the file may be applied: 30m, 8h (default 24h)",
        value: "time",
      },
      FULL,
      { name: "detailed-exitcode", summary: "exit 2 when the plan holds changes", value: undefined },
    ],
    load: () => import("./command/plan.ts"),
  },
  {
    path: ["plan", "approve"],
    summary: "approve a saved plan, with a key that has the role approve and has not made it",
    details:
      "Shows all of the plan first, as --full does; of long texts that change, the lines that differ with those around them. " +
      "With --json the plan is in the answer too, in the form of plan --json.",
    args: [
      { name: "file", summary: "what plan --out has written", arity: "required" },
      { name: "env", summary: "environment; the one that the plan is for when left out", arity: "optional" },
    ],
    options: [YES, JSON_OUTPUT, WHY, CONFIRM],
    load: () => import("./command/plan_approve.ts"),
  },
  {
    path: ["apply"],
    summary: "make what lives equal to what the files say",
    details:
      "Shows the plan and asks, unless --yes is given. What an earlier run left in doubt is settled first. With " +
      "--plan-file exactly the plan in the file is carried out, unless what it was made of has changed since.",
    args: [ENVIRONMENT, FILES],
    options: [
      YES,
      JSON_OUTPUT,
      NO_REFRESH,
      REFRESH_ONLY,
      ALLOW_GONE,
      ...SCOPE_OPTIONS,
      PLAN_FILE,
      FULL,
      PARALLELISM,
      WHY,
      CONFIRM,
    ],
    load: () => import("./command/apply.ts"),
  },
  {
    path: ["destroy"],
    summary: "delete everything that the log knows of an environment",
    details: "Protected resources stay, and all that they rely on. Files are not read.",
    args: [ENVIRONMENT],
    options: [
      YES,
      JSON_OUTPUT,
      NO_REFRESH,
      ALLOW_GONE,
      ...SCOPE_OPTIONS.filter(({ name }) => name !== "replace"),
      FULL,
      PARALLELISM,
      WHY,
      CONFIRM,
    ],
    load: () => import("./command/destroy.ts"),
  },
  {
    path: ["drift"],
    summary: "show what lives otherwise than it was recorded, and what the files want of it",
    details:
      "Reads every stored object and appends nothing. What is write-only cannot be seen, and what the provider sets " +
      "for itself is compared with what was seen last.",
    args: [ENVIRONMENT, FILES],
    options: [
      {
        name: "exit-code",
        summary: "exit 2 when anything has drifted, 1 when something could not be read",
        value: undefined,
      },
      ALLOW_GONE,
      JSON_OUTPUT,
    ],
    load: () => import("./command/drift.ts"),
  },
  {
    path: ["drift", "accept"],
    summary: "take what lives for right: record it as if it had been sent",
    details:
      "Changes nothing in the world. Where the files want something else, the next plan shows an update. What is gone is " +
      "forgotten.",
    args: [DRIFTED_ADDRESS, ENVIRONMENT],
    options: [ALL_DRIFT, YES, JSON_OUTPUT, ALLOW_GONE, FULL, WHY, CONFIRM],
    load: () => import("./command/drift_accept.ts"),
  },
  {
    path: ["drift", "revert"],
    summary: "put what has drifted back to what was sent last",
    details:
      "What is gone is made anew, and what relies on it follows. Files are not read. Shows the plan and asks, unless --yes is " +
      "given.",
    args: [DRIFTED_ADDRESS, ENVIRONMENT],
    options: [ALL_DRIFT, YES, JSON_OUTPUT, ALLOW_GONE, FULL, PARALLELISM, WHY, CONFIRM],
    load: () => import("./command/drift_revert.ts"),
  },
  {
    path: ["rollback"],
    summary: "bring back what lived at a record of the log, by a run like any other",
    details:
      "Plans from what lives now to what was sent until that record, and says first what cannot be as it was: what is gone is " +
      "made anew, with a new id and without its data. What is protected stays. Files are neither read nor changed.",
    args: [ENVIRONMENT],
    options: [
      {
        name: "to",
        summary: "the record, or the last one until this time; smelt history shows both",
        value: "seq|time",
      },
      YES,
      JSON_OUTPUT,
      ALLOW_GONE,
      FULL,
      PARALLELISM,
      WHY,
      CONFIRM,
    ],
    load: () => import("./command/rollback.ts"),
  },
  {
    path: ["show"],
    summary: "show one resource as the log knows it",
    details: "A time is written as smelt history shows it, for example 2026-01-02T03:04:05Z.",
    args: [{ name: "address", summary: "for example net.main", arity: "required" }, ENVIRONMENT],
    options: [AT, REVEAL, SECRET_FILE, FORCE, JSON_OUTPUT],
    load: () => import("./command/show.ts"),
  },
  {
    path: ["query"],
    summary: "list resources with their types, ids and outputs",
    args: [ENVIRONMENT],
    options: [
      { name: "filter", summary: "only addresses that start with this", value: "prefix" },
      AT,
      JSON_OUTPUT,
    ],
    load: () => import("./command/query.ts"),
  },
  {
    path: ["history"],
    summary: "tell what happened: when, by whom, in which run",
    args: [ENVIRONMENT],
    details: "Of a resource that was moved, what happened at its old address too.",
    options: [
      { name: "address", summary: "only of this resource", value: "address" },
      OF_RUN,
      SINCE,
      LIMIT,
      JSON_OUTPUT,
    ],
    load: () => import("./command/history.ts"),
  },
  {
    path: ["blame"],
    summary: "tell of each field of a resource who last changed it, when and why",
    args: [STORED_ADDRESS, ENVIRONMENT],
    options: [JSON_OUTPUT],
    load: () => import("./command/blame.ts"),
  },
  {
    path: ["diff"],
    summary: "compare what lives in two environments, or in one at two times",
    details: "With one --at, compares that time with now. smelt plan compares the files with what lives.",
    args: [
      { name: "before", summary: "environment, for example staging", arity: "optional" },
      { name: "after", summary: "environment, for example prod", arity: "optional" },
    ],
    options: [
      { ...AT, summary: "a record or a time of one environment; once or twice", repeatable: true },
      JSON_OUTPUT,
    ],
    load: () => import("./command/diff.ts"),
  },
  {
    path: ["outputs"],
    summary: "print the outputs of the project, or the bare value of one",
    details:
      "One word is an environment where there is one of that name, else an output. Secrets are printed with --reveal only.",
    args: [ENVIRONMENT, { name: "name", summary: "of an output", arity: "optional" }],
    options: [REVEAL, SECRET_FILE, FORCE, JSON_OUTPUT],
    load: () => import("./command/outputs.ts"),
  },
  {
    path: ["secrets", "init"],
    summary: "tell whether the keys of an environment's secrets are here, or take them from copies",
    details: "smelt init makes the keys of an environment. A lost one cannot be made again.",
    args: [ENVIRONMENT],
    options: [
      { name: "from", summary: "a folder of copies of key files", value: "folder" },
      JSON_OUTPUT,
    ],
    load: () => import("./command/secrets_init.ts"),
  },
  {
    path: ["secrets", "status"],
    summary: "tell which keys secrets are under, in the log and in the files",
    args: [{ ...ENVIRONMENT, summary: "environment; all of them when left out" }],
    options: [JSON_OUTPUT],
    load: () => import("./command/secrets_status.ts"),
  },
  {
    path: ["secrets", "encrypt"],
    summary: "encrypt a secret for one place in the files, from standard input or typed unseen",
    details:
      'What it prints goes into secret("…") at that place, and opens in no other place or environment. An argument of use is the place "use INSTANCE.argument".',
    args: [PLACE, ENVIRONMENT],
    options: [JSON_OUTPUT],
    load: () => import("./command/secrets_encrypt.ts"),
  },
  {
    path: ["secrets", "decrypt"],
    summary: "show what a ciphertext of the files holds, from standard input",
    details: "The log says first that it was shown.",
    args: [PLACE, ENVIRONMENT],
    options: [SECRET_FILE, FORCE, JSON_OUTPUT],
    load: () => import("./command/secrets_decrypt.ts"),
  },
  {
    path: ["secrets", "rotate"],
    summary: "put all secrets under a new data key, and destroy the old one",
    details:
      "Ciphertexts in the project's files are changed in place. Completes a rotation that was interrupted. Others may work meanwhile.",
    args: [ENVIRONMENT],
    options: [
      { name: "all", summary: "all environments, one after the other", value: undefined },
      {
        name: "give-up",
        summary: "go on without secrets that open under no key that is here: lists them and asks",
        value: undefined,
      },
      {
        name: "in-clear",
        summary: "put a key that lies in clear in the place of one that AWS KMS wraps",
        value: undefined,
      },
      YES,
      CONFIRM,
      WHY,
      JSON_OUTPUT,
    ],
    load: () => import("./command/secrets_rotate.ts"),
  },
  {
    path: ["state", "ls"],
    summary: "list the addresses that the log knows",
    args: [ENVIRONMENT],
    options: [AT, JSON_OUTPUT],
    load: () => import("./command/state_ls.ts"),
  },
  {
    path: ["state", "rm"],
    summary: "let go of an object, which lives on",
    details: "While the files want the address, the next apply creates it anew.",
    args: [STORED_ADDRESS, ENVIRONMENT],
    options: [
      { name: "id", summary: "an old object of the address instead of the live one", value: "id" },
      YES,
      JSON_OUTPUT,
      WHY,
      CONFIRM,
    ],
    load: () => import("./command/state_rm.ts"),
  },
  {
    path: ["state", "mv"],
    summary: "move all that an address holds to another address",
    details: 'In the files it is written moved "old.address" to "new.address", where others can review it.',
    args: [
      { name: "from", summary: "for example net.old", arity: "required" },
      { name: "to", summary: "for example net.new", arity: "required" },
      ENVIRONMENT,
    ],
    options: [YES, JSON_OUTPUT, WHY, CONFIRM],
    load: () => import("./command/state_mv.ts"),
  },
  {
    path: ["state", "export"],
    summary: "print all that the log says now as JSON, secrets as sealed references",
    details:
      "The same log gives the same bytes. There is no way back: the log is the truth, and a copy of it the backup.",
    args: [ENVIRONMENT],
    options: [
      AT,
      {
        name: "canonical",
        summary: "in canonical form (RFC 8785), of which attestations name the digests",
        value: undefined,
      },
      OUT,
    ],
    load: () => import("./command/state_export.ts"),
  },
  {
    path: ["import", "discover"],
    summary: "list the objects of a type that smelt does not own, with the line that takes each over",
    args: [{ name: "type", summary: "for example sim.Network", arity: "required" }, ENVIRONMENT],
    options: [JSON_OUTPUT],
    load: () => import("./command/import_discover.ts"),
  },
  {
    path: ["import", "generate"],
    summary: "write objects down as resources, with the statements that take them over",
    details:
      "Added to the files, a plan shows only imports. What is secret, or never read back, is a variable env(…) there.",
    args: [
      { name: "type", summary: "for example sim.Network", arity: "required" },
      { name: "ids", summary: "of the objects, as smelt import discover lists them", arity: "any" },
    ],
    options: [
      { name: "all", summary: "every object of the type that smelt does not own", value: undefined },
      { name: "out", short: "o", summary: "write the text to this file", value: "file" },
      {
        name: "env",
        summary: "environment that is to own them; the default one when left out",
        value: "env",
      },
      JSON_OUTPUT,
    ],
    load: () => import("./command/import_generate.ts"),
  },
  {
    path: ["import", "resource"],
    summary: "take one object over at once, under an address that the files declare",
    details: 'In the files it is written import "id" to "net.main", where others can review it.',
    args: [STORED_ADDRESS, { name: "id", summary: "of the object", arity: "required" }, ENVIRONMENT],
    options: [YES, JSON_OUTPUT, WHY, CONFIRM],
    load: () => import("./command/import_resource.ts"),
  },
  {
    path: ["taint"],
    summary: "mark a resource for replacement by the next apply",
    args: [STORED_ADDRESS, ENVIRONMENT],
    options: [JSON_OUTPUT, WHY],
    load: () => import("./command/taint.ts"),
  },
  {
    path: ["untaint"],
    summary: "take back the mark for replacement",
    args: [STORED_ADDRESS, ENVIRONMENT],
    options: [YES, JSON_OUTPUT, WHY, CONFIRM],
    load: () => import("./command/untaint.ts"),
  },
  {
    path: ["protect"],
    summary: "keep the objects of a resource from being deleted or replaced, whatever the files say",
    details: "Takes effect at once, also while an apply holds the resource.",
    args: [STORED_ADDRESS, ENVIRONMENT],
    options: [JSON_OUTPUT, WHY],
    load: () => import("./command/protect.ts"),
  },
  {
    path: ["unprotect"],
    summary: "take the protection of a resource away",
    details: "Where the files say prevent_destroy, the next apply protects it again.",
    args: [STORED_ADDRESS, ENVIRONMENT],
    options: [YES, JSON_OUTPUT, WHY, CONFIRM],
    load: () => import("./command/unprotect.ts"),
  },
  {
    path: ["graph"],
    summary: "show what relies on what",
    args: [FILES],
    options: [{ name: "dot", summary: "print Graphviz", value: undefined }, JSON_OUTPUT],
    load: () => import("./command/graph.ts"),
  },
  {
    path: ["explain"],
    summary: "tell all about one resource, and what a change of it would touch",
    details:
      "Every resource has an address, those of components, for_each and count too: smelt graph lists them. The log is " +
      "looked at where there is one. --for weighs what is meant to be done, without planning it.",
    args: [{ name: "address", summary: "for example net.main or vm.web[a]", arity: "required" }, FILES],
    options: [
      { name: "for", summary: "what is meant to be done with it", value: "change", choices: CHANGE_KINDS },
      {
        name: "env",
        summary: "environment whose layers and log are looked at; the default one when left out",
        value: "env",
      },
      JSON_OUTPUT,
    ],
    load: () => import("./command/explain.ts"),
  },
  {
    path: ["debug"],
    summary: "print the tree of a file as JSON, for tools and for reports of faults",
    details:
      'Includes are not followed. A file with errors gives what is whole of it, and exit code 1. What stands in secret("…") ' +
      "and in fields that some type calls sensitive is left out.",
    args: [{ name: "file", summary: "for example main.smelt", arity: "required" }],
    options: [],
    load: () => import("./command/debug.ts"),
  },
  {
    path: ["schema"],
    summary: "describe a resource type, or list all types",
    args: [{ name: "type", summary: "for example sim.Network", arity: "optional" }],
    options: [{ name: "example", summary: "print a resource to start from", value: undefined }, JSON_OUTPUT],
    load: () => import("./command/schema.ts"),
  },
  {
    path: ["recover"],
    summary: "settle what interrupted runs left in doubt, and change nothing else",
    details:
      "A creation that an interrupted run had begun may be completed: where the provider knows tokens, it is sent " +
      "again under its own, which makes nothing twice. What nothing settles a person settles, by --done or --not-done. " +
      "A log that was restored from a backup is refused until --restored accepts what it lacks.",
    args: [ENVIRONMENT],
    options: [
      { name: "done", summary: "say that the open call to this resource was done", value: "address" },
      { name: "not-done", summary: "say that the open call to this resource was not done", value: "address" },
      { name: "id", summary: "the object that a creation made, for --done", value: "id" },
      {
        name: "restored",
        summary:
          "accept that a log which was restored from a backup lacks what is pinned; takes an admin key",
        value: undefined,
      },
      {
        name: "lost",
        summary: "a record that another machine's pin names, accepted too, for --restored",
        value: "seq:hash",
      },
      {
        name: "old-key",
        summary:
          "a key that yours has replaced, as SMELT_KEY would name it, to let yours into a log of before, for --restored",
        value: "key",
      },
      {
        name: "loss-settled",
        summary: "say that all is found which the lost part of a restored log had done; takes an admin key",
        value: undefined,
      },
      YES,
      JSON_OUTPUT,
      WHY,
      CONFIRM,
    ],
    load: () => import("./command/recover.ts"),
  },
  {
    path: ["runs"],
    summary: "list the runs that nobody has ended, with what they hold and have left open",
    details: "Changes nothing: a run whose process is gone is ended by the next run that changes anything.",
    args: [ENVIRONMENT],
    options: [
      { name: "all", summary: "also those that have ended, with what they did", value: undefined },
      JSON_OUTPUT,
    ],
    load: () => import("./command/runs.ts"),
  },
  {
    path: ["unlock"],
    summary: "end a dead run now, so that what it holds is free",
    details:
      "A run is dead when its process is gone from this machine, or when nothing is heard of it for 30 s, for which the " +
      "command waits. One that lives cannot be ended by others. What it left in doubt is settled by recover, apply or resume.",
    args: [RUN, ENVIRONMENT],
    options: [YES, JSON_OUTPUT, WHY, CONFIRM],
    load: () => import("./command/unlock.ts"),
  },
  {
    path: ["resume"],
    summary: "take up a run that did not end well, in a new run that names it",
    details:
      "Settles what is in doubt, then plans and applies like apply, from the files of now; a destroy is taken up as a destroy.",
    args: [RUN, ENVIRONMENT],
    options: [YES, JSON_OUTPUT, NO_REFRESH, FULL, PARALLELISM, WHY, CONFIRM],
    load: () => import("./command/resume.ts"),
  },
  {
    path: ["audit", "verify"],
    summary: "check the whole log: chain, signatures, keys, pins, secrets",
    args: [ENVIRONMENT],
    options: [HELD, JSON_OUTPUT],
    load: () => import("./command/verify.ts"),
  },
  {
    path: ["audit", "checkpoint"],
    summary: "sign what the log holds now, for another place: a checkpoint in the form of C2SP",
    details:
      "The log notes its roots too. Kept where those who can write the store cannot, or cosigned by a witness, it shows that a " +
      "log was set back or forked.",
    args: [ENVIRONMENT],
    options: [OUT, JSON_OUTPUT, WHY],
    load: () => import("./command/audit_checkpoint.ts"),
  },
  {
    path: ["audit", "proof"],
    summary: "prove what the log holds of a resource to those who have neither the log nor smelt",
    details:
      "The file holds the state, with secrets as sealed references, and a signed checkpoint; a key of the log is all that it takes to " +
      "verify it. Nothing is appended.",
    args: [
      {
        name: "address",
        summary: "for example net.main; left out with --record and --since",
        arity: "optional",
      },
      ENVIRONMENT,
    ],
    options: [
      { name: "record", summary: "prove that this record is in the log instead", value: "seq", minimum: 1 },
      {
        name: "since",
        summary:
          "prove that the log has only grown since this record instead, as witnesses are asked; 0 for none",
        value: "seq",
        minimum: 0,
      },
      { name: "checkpoint", summary: "prove it under this checkpoint, not under a new one", value: "file" },
      OUT,
    ],
    load: () => import("./command/audit_proof.ts"),
  },
  {
    path: ["audit", "trail"],
    summary: "the same as history",
    args: [ENVIRONMENT],
    options: [
      { name: "address", summary: "only of this resource", value: "address" },
      OF_RUN,
      SINCE,
      LIMIT,
      JSON_OUTPUT,
    ],
    load: () => import("./command/history.ts"),
  },
  {
    path: ["audit", "attestation"],
    summary: "state and sign what a run did, in the form that other tools verify",
    details:
      "An in-toto statement with SLSA provenance in a DSSE envelope, made of the verified log and signed with the key of this " +
      "machine. With --verify, checks such a file against the log.",
    args: [ENVIRONMENT],
    options: [
      {
        name: "run",
        summary: "of the run that begins so; of the last one that has ended when left out",
        value: "run",
      },
      OUT,
      { name: "public-key", summary: "write the public key to this file, in PEM", value: "file" },
      { name: "verify", summary: "check the attestation in this file", value: "file" },
      JSON_OUTPUT,
    ],
    load: () => import("./command/audit_attestation.ts"),
  },
  {
    path: ["audit", "sbom"],
    summary: "write the inventory of all that an environment holds, in CycloneDX",
    details:
      "It is made of the verified log: the same log gives the same bytes. Of values it holds digests only. What is open or " +
      "unknown is a failure, since an inventory is whole or none.",
    args: [ENVIRONMENT],
    options: [
      OUT,
      {
        name: "spec-version",
        summary: "of CycloneDX (default 1.6)",
        value: "version",
        choices: SBOM_VERSIONS,
      },
      {
        name: "omit-sensitive-ids",
        summary: "leave out ids and accounts of providers, and digests of them",
        value: undefined,
      },
      JSON_OUTPUT,
    ],
    load: () => import("./command/audit_sbom.ts"),
  },
  {
    path: ["verify"],
    summary: "the same as audit verify",
    args: [ENVIRONMENT],
    options: [HELD, JSON_OUTPUT],
    load: () => import("./command/verify.ts"),
  },
  {
    path: ["keys", "list"],
    summary: "list the keys of an environment: what each may sign, and which one signs here",
    details:
      "The environment variable SMELT_KEY names the key that signs here, NAME or kms:NAME; without it, that is the one that smelt.toml names, else local.",
    args: [ENVIRONMENT],
    options: [JSON_OUTPUT],
    load: () => import("./command/keys_list.ts"),
  },
  {
    path: ["keys", "create"],
    summary: "make a signing key on this machine, and print what an admin adds",
    args: [{ ...KEY_NAME, summary: "for example ann; the key that signs here when left out" }],
    options: [JSON_OUTPUT],
    load: () => import("./command/keys_create.ts"),
  },
  {
    path: ["keys", "export"],
    summary: "print the public half of a key of this machine, for an admin to add",
    args: [KEY_NAME],
    options: [
      { name: "pem", summary: "print the public key alone, as cosign and openssl read it", value: undefined },
      JSON_OUTPUT,
    ],
    load: () => import("./command/keys_export.ts"),
  },
  {
    path: ["keys", "add"],
    summary: "trust a key, in the roles that are given",
    details: "A key that is trusted already gets these roles and no others.",
    args: [{
      name: "file",
      summary: "what keys export has printed; - reads standard input",
      arity: "required",
    }, ENVIRONMENT],
    options: [
      {
        name: "role",
        summary: "what it may sign: admin, apply or approve; may be given several times",
        value: "role",
        repeatable: true,
      },
      { name: "name", summary: "another name than its document says", value: "name", maximumLength: 64 },
      YES,
      JSON_OUTPUT,
      WHY,
      CONFIRM,
    ],
    load: () => import("./command/keys_add.ts"),
  },
  {
    path: ["keys", "revoke"],
    summary: "take nothing more from a key: what it signed stands, its live runs are over",
    args: [
      { name: "key", summary: "its name, or the first digits of its id, 6 at least", arity: "required" },
      ENVIRONMENT,
    ],
    options: [
      {
        name: "reason",
        summary: "why, kept in the signed log; must be given",
        value: "text",
        maximumLength: 1000,
      },
      {
        name: "suspect-from",
        summary: "the record from which auditors should doubt what it signed",
        value: "seq",
        minimum: 1,
      },
      YES,
      JSON_OUTPUT,
      WHY,
      CONFIRM,
    ],
    load: () => import("./command/keys_revoke.ts"),
  },
  {
    path: ["keys", "rotate"],
    summary: "put a new key in the place of the one that signs here, in all environments that trust it",
    details:
      "The new key gets the roles of the old one, which is then revoked. Cut short, it leaves one of them signing, and the same command finishes it. Protected environments are confirmed by their names with commas between.",
    args: [],
    options: [YES, JSON_OUTPUT, WHY, CONFIRM],
    load: () => import("./command/keys_rotate.ts"),
  },
  {
    path: ["pin"],
    summary: "pin the last record of the log in smelt.toml",
    details:
      "Whoever has that smelt.toml refuses a log that was set back behind the record, on a fresh machine too.",
    args: [ENVIRONMENT],
    options: [JSON_OUTPUT],
    load: () => import("./command/pin.ts"),
  },
  {
    path: ["image", "build"],
    summary: "build a container image, without a container engine, and send it to a repository that is known",
    details:
      "Of the program of a Cargo.toml, or of programs that are there. Where a repository is named, by an option, a variable or " +
      "smelt.toml, the image is sent there; smelt image config tells which it is. The image is the same byte for byte wherever " +
      "and whenever it is built of the same files. SOURCE_DATE_EPOCH sets the time of what is in it.",
    args: [{
      name: "folder",
      summary: "of a Cargo.toml, or as [image.programs] names it; the working folder when left out",
      arity: "optional",
    }, {
      name: "cargo-args",
      summary: "behind --: further arguments of cargo, such as -- --offline -j2",
      arity: "any",
    }],
    options: [
      {
        name: "name",
        summary: "of the program in the image, which is run as /app/NAME (default: the program's own)",
        value: "name",
      },
      {
        name: "binary",
        summary: "a program and its platform, such as linux/amd64=target/web; once a platform",
        value: "platform=path",
        repeatable: true,
      },
      { name: "cargo", summary: "the same as the folder", value: "folder" },
      { name: "package", summary: "of a workspace", value: "name" },
      {
        name: "bin",
        summary: "the program, where the package has several; given again, a further one beside it",
        value: "name",
        repeatable: true,
      },
      { name: "example", summary: "the example to build instead", value: "name", repeatable: true },
      {
        name: "check",
        summary: "build anew and compare with what the layout holds; write nothing",
        value: undefined,
      },
      { name: "layout", summary: "a folder to keep the image in; what else it holds stays", value: "folder" },
      { name: "no-push", summary: "send it nowhere, though a repository is known", value: undefined },
      ...IMAGE_OPTIONS,
      {
        name: "sbom-file",
        summary: "what a program that is there already is made of, in CycloneDX",
        value: "platform=path",
        repeatable: true,
      },
      ...ATTEST_OPTIONS,
      JSON_OUTPUT,
    ],
    load: () => import("./command/image_build.ts"),
  },
  {
    path: ["image", "prune"],
    summary: "take away old images: of the cache, of a layout, or of a repository",
    details:
      "Without a layout or a repository, of the cache what was not used for 30 days. Of a layout what nothing names, and with " +
      "--untagged images without a tag. Of a repository only what smelt itself sent from here, no tag names, and nothing that " +
      "stays is made of; whoever runs images by digest alone says so with a tag. --dry-run tells what would go.",
    args: [{ name: "layout", summary: "a folder in the OCI layout", arity: "optional" }],
    options: [
      { name: "repository", summary: "instead: a repository, such as ghcr.io/me/web", value: "repository" },
      { name: "untagged", summary: "of a layout, images without a tag too", value: undefined },
      {
        name: "older-than",
        summary: "only images that were not used, or not sent, for so many days (default 30; of a layout 0)",
        value: "days",
        minimum: 0,
      },
      { name: "dry-run", summary: "only tell what would go", value: undefined },
      YES,
      ...REGISTRY_ACCESS,
      JSON_OUTPUT,
    ],
    load: () => import("./command/image_prune.ts"),
  },
  {
    path: ["image", "config"],
    summary:
      "tell what holds for images, and who says so: an option, a variable, smelt.toml, Cargo.toml, or nobody",
    details: "In this order, the first counts. Nothing is built.",
    args: [{
      name: "folder",
      summary: "of the Cargo.toml that is asked too; the working folder when left out",
      arity: "optional",
    }],
    options: [{ name: "package", summary: "of a workspace", value: "name" }, ...IMAGE_OPTIONS, JSON_OUTPUT],
    load: () => import("./command/image_config.ts"),
  },
  {
    path: ["image", "resolve"],
    summary: "build and send the images that files of YAML name, and print the files with their digests",
    details:
      "A value image://PATH, or krust://PATH, stands for the image of the program in that folder; with ?bin=NAME it is one of " +
      "several. Each is built once, as smelt image build does it. Only these values change in the files. Nothing is printed " +
      "before all images are where the files say, and nothing when one fails.",
    args: [],
    options: [...MANIFEST_OPTIONS, ...IMAGE_OPTIONS, ...ATTEST_OPTIONS],
    load: () => import("./command/image_resolve.ts"),
  },
  {
    path: ["image", "apply"],
    summary: "do what image resolve does, and give the files to kubectl apply",
    details:
      "Ends as kubectl ends, with 127 when there is none. What stands behind -- is given to it: image apply -f app -- --prune.",
    args: [{ name: "kubectl-args", summary: "options of kubectl, behind --", arity: "any" }],
    options: [...MANIFEST_OPTIONS, ...IMAGE_OPTIONS, ...ATTEST_OPTIONS],
    load: () => import("./command/image_apply.ts"),
  },
  {
    path: ["image", "audit"],
    summary: "hold the packages of a program of Rust against the advisories of RustSec",
    details:
      "Reads Cargo.lock, or the bill of materials of an image, and reaches no network: the advisories are a folder. Ends with 1 where by the rules no image " +
      "may be built. Rules, and advisories that do not count until a day, stand in image-audit.toml.",
    args: [IMAGE_PLACE],
    options: [
      {
        name: "policy",
        summary: "what advisories do that affect it (default deny)",
        value: "policy",
        choices: ["deny", "warn"],
      },
      ADVISORY_DB,
      {
        name: "rules",
        summary: "the file of rules (default image-audit.toml, where it is there)",
        value: "file",
      },
      JSON_OUTPUT,
    ],
    load: () => import("./command/image_audit.ts"),
  },
  {
    path: ["image", "inspect"],
    summary: "read an image of a layout, every byte of it, and tell what it is",
    args: [LAYOUT],
    options: [JSON_OUTPUT],
    load: () => import("./command/image_inspect.ts"),
  },
  {
    path: ["image", "lock"],
    summary: "look up what the tags of bases stand for now, and write it to image.lock",
    details:
      "A build stands on what image.lock says, and so is the same tomorrow; a tag that it does not name yet is looked up once.",
    args: [{ name: "references", summary: "tags of bases; all of image.lock when left out", arity: "any" }],
    options: [...REGISTRY_ACCESS, JSON_OUTPUT],
    load: () => import("./command/image_lock.ts"),
  },
  {
    path: ["image", "sbom"],
    summary: "print the bill of materials of an image, or of the source of a program",
    details:
      "Of an image it is the one that was written when it was built, byte for byte. Of source it is made of Cargo.lock " +
      "alone, which holds more than one program needs, and says of itself that it is incomplete.",
    args: [IMAGE_PLACE],
    options: [
      {
        name: "format",
        summary: "of the document (default cyclonedx)",
        value: "format",
        choices: ["cyclonedx", "spdx"],
      },
      { name: "platform", summary: "which image, or index", value: "platform" },
    ],
    load: () => import("./command/image_sbom.ts"),
  },
  {
    path: ["image", "push"],
    summary: "send an image of a layout to a registry",
    details:
      "What the registry has already is not sent again. Credentials are those of docker, podman and their helpers; " +
      "they are read when the registry asks for them, and kept nowhere.",
    args: [LAYOUT, { name: "to", summary: "where it goes, such as ghcr.io/me/app:v1", arity: "required" }],
    options: [
      { name: "tag", summary: "a further tag", value: "tag", repeatable: true },
      {
        name: "insecure",
        summary: "a host that is reached without encryption",
        value: "host",
        repeatable: true,
      },
      { name: "ca-file", summary: "certificates to trust beside the system's, PEM", value: "file" },
      JSON_OUTPUT,
    ],
    load: () => import("./command/image_push.ts"),
  },
  {
    path: ["image", "verify"],
    summary: "judge an image by what is signed of it",
    details:
      "Only what a key of --key or of the policy has signed counts, whoever attached what. Without a policy a signature is asked for. " +
      "Every check has a code, V1 to V9; it ends with 1 when one fails, and with 6 when bytes were altered.",
    args: [{
      name: "reference",
      summary: "an image of a registry; with --layout a tag, a digest or a reference",
      arity: "optional",
    }],
    options: [
      {
        name: "key",
        summary:
          "that must have signed: a key of this project, kms:KEY, or a file of a public key, such as ./ci.pem",
        value: "key",
        repeatable: true,
      },
      { name: "policy", summary: "what must be true of the image, TOML", value: "file" },
      { name: "layout", summary: "look into this folder instead of a registry", value: "folder" },
      {
        name: "rebuilt",
        summary:
          "an image that you have built again of the same source, such as again:v1: it must be the same",
        value: "layout",
      },
      ADVISORY_DB,
      AUDIT_RULES,
      ...REGISTRY_ACCESS,
      JSON_OUTPUT,
    ],
    load: () => import("./command/image_verify.ts"),
  },
  {
    path: ["completions"],
    summary: "print completions for a shell",
    args: [{ name: "shell", summary: "bash, zsh or fish", arity: "required", choices: SHELLS }],
    options: [],
    load: () => import("./command/completions.ts"),
  },
  {
    path: ["version"],
    summary: "print the version",
    args: [],
    options: [JSON_OUTPUT],
    load: () => import("./command/version.ts"),
  },
];
