/** `unknown` and a parse function say the same, and are checked. */
export const noAny: Deno.lint.Rule = {
  create(context) {
    return {
      TSAnyKeyword(node) {
        context.report({ node, message: "The type `any` is used", hint: "Take `unknown` and parse it" });
      },
    };
  },
};
