/** Writes into the transcripts of docs/ and of this folder what the program prints now. */
import { RETOLD_PAGES, retoldPage } from "../harness/retold_page.ts";
import { say } from "../../tools/say.ts";

for (const path of RETOLD_PAGES) {
  const page = await Deno.readTextFile(path);
  const retold = await retoldPage(page);
  await Deno.writeTextFile(path, retold);
  say(`${path}: ${retold === page ? "as it was" : "changed"}`);
}
