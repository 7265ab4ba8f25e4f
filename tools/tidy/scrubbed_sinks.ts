import { isTest, projectPath } from "./file_place.ts";
import { calleeName } from "./syntax.ts";

/**
 * Files that may put bytes outside themselves, and why. All others say what they have to say through the printer, which no secret
 * passes, and write files through `replaceFile` and what stands before it.
 */
const SINKS: ReadonlyMap<string, string> = new Map([
  ["cli.ts", "makes the streams that the printer writes to"],
  ["cli/system_context.ts", "asks the streams whether they are terminals"],
  ["compose/unsaved_file.ts", "writes events of which the secrets are sealed and the messages scrubbed"],
  ["project/write_secret_file.ts", "writes secrets that were asked for by name, for their owner alone"],
  ["project/launcher.ts", "writes paths of the program"],
  ["project/replace_file.ts", "writes what its callers have scrubbed, or what the user wrote"],
]);

const FOLDERS_REGEXP = /^(?:cli|project|compose)\/|^(?:cli|mod)\.ts$/;

const WAYS_OUT: readonly string[] = [
  "stdout",
  "stderr",
  "create",
  "createSync",
  "open",
  "openSync",
  "writeFile",
  "writeFileSync",
  "writeTextFile",
  "writeTextFileSync",
];

const STREAMS: readonly string[] = ["process.stdout", "process.stderr", "process.stdin"];

const HINT = "Print with the printer, write with replaceFile or writeOutputFile";

/** Text leaves the program, and files are written, only where a known secret has been taken out before. */
export const scrubbedSinks: Deno.lint.Rule = {
  create(context) {
    const path = projectPath(context.filename);
    if (!FOLDERS_REGEXP.test(path) || isTest(context.filename) || SINKS.has(path)) return {};
    const refuse = (node: Deno.lint.Node, what: string): void => {
      context.report({ node, message: `"${what}" goes past what takes secrets out`, hint: HINT });
    };
    return {
      MemberExpression(node) {
        const name = memberName(node);
        if (name === undefined) return;
        if (STREAMS.includes(name) || WAYS_OUT.some((each) => name === `Deno.${each}`)) refuse(node, name);
      },
      VariableDeclarator({ id, init }) {
        if (id.type !== "ObjectPattern" || init === null || calleeName(init) !== "Deno") return;
        refuse(id, "const { … } = Deno");
      },
      ImportDeclaration(node) {
        const from = node.source.value;
        if (/^node:fs(?:\/|$)/.test(from)) refuse(node, from);
      },
    };
  },
};

/** The dotted name of a member, also where its last part is written as a text. */
function memberName(node: Deno.lint.MemberExpression): string | undefined {
  if (!node.computed) return calleeName(node);
  const owner = calleeName(node.object);
  const { property } = node;
  return owner !== undefined && property.type === "Literal" ? `${owner}.${property.value}` : undefined;
}
