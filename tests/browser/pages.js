// Looks at pages of running nodes in a real browser, and says what does not hold of what is promised of them.
//
//   node pages.js PLAN.json
//
// A plan is a list of pages: { name, url, status, public, session }, `session` being the one-time link of whoever looks at it. The exit
// code is 1 where anything was found. With TRACEMESH_PICTURES=FOLDER each page is also photographed: both languages, light and dark, desk and phone.
import { readFileSync } from "node:fs";
import { DESKTOP, LANGUAGES, PHONE, launch, open, signIn } from "./browser.js";
import { photograph } from "./pictures.js";
import { COLOURS, WCAG, accessible, fits, light, reachable } from "./promises.js";

const WORKERS = 3;
// Every shape with the rules that are held in it: the colours do not depend on the width, nor the rest on the colours.
const SHAPES = [
  ["light", DESKTOP, WCAG],
  ["light", PHONE, WCAG],
  ["dark", PHONE, COLOURS],
  ["dark", DESKTOP, COLOURS],
];
// WCAG's reflow is held at 320 px.
const NARROW = [
  [PHONE.width, "large"],
  [PHONE.width, "standard"],
  [320, "standard"],
];

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const browser = await launch();
const sessions = await signIn(browser, plan.map((page) => page.session).filter(Boolean));
const visits = plan.flatMap((page) => LANGUAGES.map((language) => [page, language]));
const found = [];

await Promise.all(Array.from({ length: WORKERS }, work));
await browser.close();
for (const complaint of found) console.log(complaint);
console.log(`${plan.length} pages in ${LANGUAGES.length} languages: ${found.length} complaints`);
process.exitCode = found.length ? 1 : 0;

async function work() {
  for (let visit = visits.shift(); visit; visit = visits.shift()) {
    const [page, language] = visit;
    const complaints = await look(page, language).catch((error) => [`cannot be looked at: ${error.message}`]);
    found.push(...complaints.map((what) => `${page.name} (${language}): ${what}`));
  }
}

// One page in one language, in every shape.
async function look(wanted, language) {
  const { context, page, complaints, bodies } = await open(browser, wanted, language, sessions);
  if (await page.locator("#live").count()) await hold(page);
  for (const [scheme, size, rules] of SHAPES) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize(size);
    complaints.push(...(await accessible(page, rules)).map((what) => `${scheme} ${size.width}: ${what}`));
    await photograph(page, `${wanted.name}-${language}-${scheme}-${size.width}`);
  }
  for (const [width, type] of NARROW) complaints.push(...(await fits(page, width, type)));
  if (wanted.public) complaints.push(...(await light(bodies)));
  // what no language changes is looked at once
  if (language === LANGUAGES[0]) {
    await page.setViewportSize(DESKTOP);
    complaints.push(...(await reachable(page)));
    if (wanted.public) complaints.push(...(await withoutScript(wanted, language, await page.innerText("main"))));
  }
  await context.close();
  return complaints;
}

// A page that changes under the eyes cannot be measured: it must come alive, and it can be stopped.
async function hold(page) {
  await page.waitForSelector("#live.is-live");
  await page.click("#live button");
  await page.waitForSelector("#live.is-paused");
}

// A public page says the same without a script, and the front page leads on.
async function withoutScript(wanted, language, text) {
  const { context, page } = await open(browser, wanted, language, sessions, { javaScriptEnabled: false });
  const found = (await page.innerText("main")) === text ? [] : ["says something else without a script"];
  if (new URL(wanted.url).pathname === "/") {
    await page.fill("#code", "37060000400010000003");
    await page.press("#code", "Enter");
    await page.waitForURL("**/t/37060000400010000003").catch(() => found.push(`without a script the form leads to ${page.url()}`));
  }
  await context.close();
  return found;
}
