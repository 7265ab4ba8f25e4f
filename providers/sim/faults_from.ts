/**
 * Makes the function that says which fault rules are in force: the text of `<folder>/faults.json` while that file exists,
 * else `variable`, the value of `SMELT_SIM_FAULTS`. The file is read again at each call.
 */
export function faultsFrom(folder: string, variable: string | undefined): () => string | undefined {
  return () => {
    try {
      return Deno.readTextFileSync(`${folder}/faults.json`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return variable;
      throw error;
    }
  };
}
