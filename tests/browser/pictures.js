// Pictures of whole pages, for people to look at: written where TRACEMESH_PICTURES says, else not taken.
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.TRACEMESH_PICTURES;
if (folder) mkdirSync(folder, { recursive: true });

export async function photograph(page, name) {
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
