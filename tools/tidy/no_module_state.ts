import { calleeName, isModuleLevel } from "./syntax.ts";

const COLLECTIONS: readonly string[] = ["Map", "Set", "WeakMap", "WeakSet"];

/** The top of a module holds constants only: state has an owner, which passes it on. */
export const noModuleState: Deno.lint.Rule = {
  create(context) {
    return {
      VariableDeclaration(node) {
        if (!isModuleLevel(node)) return;
        if (node.kind === "let" || node.kind === "var") {
          context.report({ node, message: `Module-level \`${node.kind}\``, hint: "Pass it as an argument" });
        }
        for (const { id, init } of node.declarations) {
          if (id.type === "Identifier" && isReadonly(id)) continue;
          if (init?.type !== "NewExpression" || init.arguments.length > 0) continue;
          if (!COLLECTIONS.includes(calleeName(init.callee) ?? "")) continue;
          context.report({
            node: init,
            message: "Module-level empty collection",
            hint: "Pass it as an argument",
          });
        }
      },
    };
  },
};

/** An empty collection that is declared as a `ReadonlyMap` or `ReadonlySet` is a constant. */
function isReadonly({ typeAnnotation }: Deno.lint.Identifier): boolean {
  const type = typeAnnotation?.typeAnnotation;
  return type?.type === "TSTypeReference" && /^Readonly(?:Map|Set)$/.test(calleeName(type.typeName) ?? "");
}
