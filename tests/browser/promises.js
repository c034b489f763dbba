// What is promised of every page. Each function looks at an open page and answers with what does not hold.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
export const COLOURS = ["color-contrast"];
const MAX_PUBLIC_BYTES = 100_000;

// WCAG 2.1 A and AA, as far as a machine can tell.
export async function accessible(page, rules) {
  if (!(await page.evaluate("!!window.axe"))) await page.evaluate(AXE);
  const { violations } = await page.evaluate((runOnly) => axe.run({ runOnly, resultTypes: ["violations"], preload: false }), rules);
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `axe ${id}: ${help}: ${node.target.join(" ")}`));
}

// Nothing sticks out at the side.
export async function fits(page, width, type) {
  await page.setViewportSize({ width, height: 844 });
  return page.evaluate((type) => {
    const root = document.documentElement;
    root.classList.toggle("large", type === "large");
    if (root.scrollWidth <= innerWidth) return [];
    const out = [...document.querySelectorAll("main *, header *, footer *")].filter((it) => it.getBoundingClientRect().right > innerWidth + 1);
    const names = out.slice(-3).map((it) => `${it.tagName.toLowerCase()} "${it.textContent.trim().slice(0, 30)}"`);
    return [`scrolls sideways at ${innerWidth} px in ${type} type: ${root.scrollWidth} px wide: ${names.join(", ")}`];
  }, type);
}

// The tab key reaches whatever can be pressed or filled in, and shows where it is.
export async function reachable(page) {
  const wanted = await page.evaluate(() => {
    window.address = (it) => `${it.tagName.toLowerCase()} ${it.id || it.getAttribute("popovertarget") || it.getAttribute("href") || it.textContent.trim()}`;
    const all = [...document.querySelectorAll("a[href], button, input, summary")].filter((it) => it.checkVisibility() && !it.disabled);
    return [...new Set(all.map(address))];
  });
  const found = [];
  const reached = new Set();
  // wherever the focus was left, it comes round to the beginning
  for (let presses = 0; presses < 2 * wanted.length + 20 && wanted.some((address) => !reached.has(address)); presses += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const it = document.activeElement;
      if (!it || it === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(it);
      const box = it.getBoundingClientRect();
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return { address: address(it), ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, seen: it.contains(top) || top?.contains(it) };
    });
    if (!at || reached.has(at.address)) continue;
    reached.add(at.address);
    if (!at.ring) found.push(`the focus does not show on ${at.address}`);
    if (!at.seen) found.push(`the focus is out of sight on ${at.address}`);
  }
  return [...found, ...wanted.filter((address) => !reached.has(address)).map((address) => `the tab key does not reach ${address}`)];
}

// Everything that a public page loads, as it is unpacked.
export async function light(bodies) {
  const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + body.length, 0);
  return bytes <= MAX_PUBLIC_BYTES ? [] : [`weighs ${bytes} bytes`];
}
