import { type Address, parseAddress } from "../engine/address.ts";
import type { DesiredConfig, DesiredOutput, Origin } from "../engine/resource_config.ts";
import { formatOrigin, originOf, tokenExtent } from "./expand_findings.ts";
import type { ExpandWork } from "./expand_scope.ts";
import type { NeedsIndex } from "./needs_index.ts";
import { referenceText } from "./needs_resolve.ts";
import { nameText, segmentText, tokenText } from "./syntax_text.ts";
import type {
  ImportNode,
  MovedNode,
  OutputNode,
  RemovedNode,
  SyntaxTree,
  TokenIndex,
} from "./syntax_tree.ts";

/** What the files say beside resources. */
export type DesiredStatements = Pick<DesiredConfig, "moved" | "removed" | "imports" | "outputs">;

/** Reads all `moved`, `removed`, `import` and `output` in the order of the files. */
export function readStatements(
  work: ExpandWork,
  trees: readonly SyntaxTree[],
  index: NeedsIndex,
): DesiredStatements {
  const reader = new StatementReader(work, index);
  for (const tree of trees) {
    for (const node of tree.declarations) {
      if (node.kind === "moved") reader.readMoved(tree, node);
      if (node.kind === "removed") reader.readRemoved(tree, node);
      if (node.kind === "import") reader.readImport(tree, node);
      if (node.kind === "output") reader.readOutput(tree, node);
    }
  }
  return reader;
}

class StatementReader implements DesiredStatements {
  readonly moved: { readonly from: Address; readonly to: Address; readonly origin: Origin }[] = [];
  readonly removed: { readonly address: Address; readonly origin: Origin }[] = [];
  readonly imports: { readonly id: string; readonly address: Address; readonly origin: Origin }[] = [];
  readonly outputs: DesiredOutput[] = [];
  readonly #work: ExpandWork;
  readonly #index: NeedsIndex;
  /** Where each thing that may be said once was said: `moved from ADDRESS` and the like. */
  readonly #said = new Map<string, Origin>();

  constructor(work: ExpandWork, index: NeedsIndex) {
    this.#work = work;
    this.#index = index;
  }

  readMoved(tree: SyntaxTree, node: MovedNode): void {
    const from = this.#undeclared(tree, node.source, "move");
    const to = addressAt(tree, node.target);
    if (from === undefined || to === undefined) return;
    const isNew = this.#sayOnce(tree, node.source, `The move from "${from}"`) &&
      this.#sayOnce(tree, node.target, `The move to "${to}"`);
    if (isNew) this.moved.push({ from, to, origin: originOf(tree, node.first) });
  }

  readRemoved(tree: SyntaxTree, node: RemovedNode): void {
    const address = this.#undeclared(tree, node.address, "remove");
    if (address === undefined || !this.#sayOnce(tree, node.address, `The removal of "${address}"`)) return;
    this.removed.push({ address, origin: originOf(tree, node.first) });
  }

  readImport(tree: SyntaxTree, node: ImportNode): void {
    const parsed = parseAddress(nameText(tree, node.address));
    if (parsed === undefined) return;
    const { address, parts } = parsed;
    if (!this.#index.holds(address, parts)) {
      this.#work.findings.report(tree, tokenExtent(node.address), {
        code: "E-UNKNOWN-DEP",
        message: `Cannot import to "${address}": the files declare no such resource`,
        hint: "declare it first: what no file declares would be deleted",
      });
      return;
    }
    if (!this.#sayOnce(tree, node.address, `The import to "${address}"`)) return;
    this.imports.push({ id: nameText(tree, node.id), address, origin: originOf(tree, node.first) });
  }

  readOutput(tree: SyntaxTree, node: OutputNode): void {
    const name = tokenText(tree, node.name);
    if (!this.#sayOnce(tree, node.name, `The output "${name}"`)) return;
    const target = this.#outputTarget(tree, node, name);
    const path = node.reference.output.map((segment) => segmentText(tree, segment)).join(".");
    if (target === undefined) return;
    if (path === "") {
      this.#work.findings.report(tree, node.reference, {
        code: "E-SYNTAX",
        message: `Name a field of "${target}" for the output "${name}"`,
        hint: `for example ${target}.id`,
      });
      return;
    }
    this.outputs.push({ name, target, path, origin: originOf(tree, node.first) });
  }

  /** Outputs show one value, so that a template needs a key. */
  #outputTarget(tree: SyntaxTree, node: OutputNode, name: string): Address | undefined {
    const reference = referenceText(tree, node.reference);
    if (reference === undefined) return undefined;
    const found = this.#index.find(reference, undefined);
    const [target] = "addresses" in found ? found.addresses : [];
    if ("addresses" in found && !found.many && target !== undefined) return target;
    const why = "addresses" in found
      ? `: it stands for ${found.addresses.length} instances, name one as [key]`
      : found.why;
    const text = "addresses" in found ? `${reference.kind}.${reference.name}` : found.text;
    this.#work.findings.report(tree, node.reference, {
      code: "E-UNKNOWN-DEP",
      message: `Unknown resource "${text}" in the output "${name}"${why}`,
    });
    return undefined;
  }

  /** What is moved or removed must no longer be declared: the files would want it and not want it. */
  #undeclared(tree: SyntaxTree, token: TokenIndex, verb: string): Address | undefined {
    const parsed = parseAddress(nameText(tree, token));
    if (parsed === undefined || !this.#index.holds(parsed.address, parsed.parts)) return parsed?.address;
    this.#work.findings.report(tree, tokenExtent(token), {
      code: "E-DUP-RESOURCE",
      message: `Cannot ${verb} "${parsed.address}": the files still declare it`,
    });
    return undefined;
  }

  #sayOnce(tree: SyntaxTree, token: TokenIndex, what: string): boolean {
    const other = this.#said.get(what);
    if (other === undefined) {
      this.#said.set(what, originOf(tree, token));
      return true;
    }
    this.#work.findings.report(tree, tokenExtent(token), {
      code: "E-DUP-RESOURCE",
      message: `${what} is declared twice: the other one is at ${formatOrigin(other)}`,
    });
    return false;
  }
}

function addressAt(tree: SyntaxTree, token: TokenIndex): Address | undefined {
  return parseAddress(nameText(tree, token))?.address;
}
