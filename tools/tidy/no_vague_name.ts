import { isFunction } from "./syntax.ts";

/** Last words that say nothing of what a thing is, and first words that say nothing of what a function does. */
const VAGUE_NOUN = /(?:^|[a-z0-9])(?:Manager|Helper|Util|Service|Processor|Impl)s?$/;
const VAGUE_VERB = /^(?:handle|process|do)[A-Z]/;

type Named = Deno.lint.Node | null | undefined;

/** A name says what the thing is or does. */
export const noVagueName: Deno.lint.Rule = {
  create(context) {
    const noun = (node: Named): void => {
      if (node?.type !== "Identifier" || !VAGUE_NOUN.test(node.name)) return;
      context.report({ node, message: `The name "${node.name}" is vague`, hint: "Say what it is" });
    };
    const verb = (node: Named): void => {
      noun(node);
      if (node?.type !== "Identifier" || !VAGUE_VERB.test(node.name)) return;
      context.report({ node, message: `The name "${node.name}" is vague`, hint: "Say what it does" });
    };
    return {
      VariableDeclarator: (node) =>
        node.init !== null && node.init !== undefined && isFunction(node.init)
          ? verb(node.id)
          : noun(node.id),
      FunctionDeclaration: (node) => verb(node.id),
      MethodDefinition: (node) => verb(node.key),
      TSMethodSignature: (node) => verb(node.key),
      ClassDeclaration: (node) => noun(node.id),
      TSInterfaceDeclaration: (node) => noun(node.id),
      TSTypeAliasDeclaration: (node) => noun(node.id),
    };
  },
};
