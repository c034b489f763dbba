// A real browser: the system's chromium, which nobody downloads for us.
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

export const LANGUAGES = ["zh-CN", "en"];
export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };
// a machine that runs every other test at the same time is slow
const PATIENCE_MS = 90_000;

export function launch() {
  const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  // root has no sandbox; the pages are our own
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

// Redeems each one-time link once: link -> the cookies that it is worth.
export async function signIn(browser, links) {
  const sessions = new Map();
  for (const link of new Set(links)) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(link);
    await page.click("main button");
    await page.waitForURL("**/console").catch(() => Promise.reject(new Error(`the sign-in link led to ${page.url()}`)));
    sessions.set(link, await context.storageState());
    await context.close();
  }
  return sessions;
}

// The address of a page in a language.
export function inLanguage(url, language) {
  const address = new URL(url);
  address.searchParams.set("lang", language);
  return address.href;
}

// Opens a page in a browser that knows nothing yet. What the browser itself complains of is gathered in `complaints`, what it
// loads in `bodies`.
export async function open(browser, wanted, language, sessions, options = {}) {
  const context = await browser.newContext({ storageState: sessions.get(wanted.session), viewport: DESKTOP, ...options });
  const page = await context.newPage();
  context.setDefaultTimeout(PATIENCE_MS);
  const seen = { context, page, complaints: [], bodies: [] };
  page.on("pageerror", (error) => seen.complaints.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    // an error page is announced like a fault of the page
    const announced = message.location().url === page.url() && wanted.status >= 400;
    if (message.type() === "error" && !announced) seen.complaints.push(`console: ${message.text()}`);
  });
  page.on("response", (response) => {
    if (!response.headers()["content-type"]?.startsWith("text/event-stream")) seen.bodies.push(response.body().catch(() => ""));
  });
  const response = await page.goto(inLanguage(wanted.url, language), { waitUntil: "load" });
  if (response.status() !== wanted.status) seen.complaints.push(`answered ${response.status()}, not ${wanted.status}`);
  return seen;
}
