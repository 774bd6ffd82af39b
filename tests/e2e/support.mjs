// What several tests do with the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import assert from "node:assert/strict";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What the model says of the run on the page. */
export const verdict = (page) => page.evaluate(() => window.highwater.verdict());
export const snapshot = (page) => page.evaluate(() => window.highwater.snapshot());

/** Acknowledged records that are lost, over all causes. */
export const lost = async (page) =>
  (await verdict(page)).lost.reduce((sum, tally) => sum + tally.records, 0);

/** Who leads a partition, by the controller's word. */
export async function leader(page, topic, partition = 0) {
  const { topics } = await snapshot(page);
  return topics.find(({ name }) => name === topic).partitions[partition].leader;
}

/** Waits until `condition` answers with something true; tells what it waited for. */
export async function until(what, condition, timeout_ms = 30_000) {
  const end = Date.now() + timeout_ms;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Fails when axe finds anything. */
export async function assertAccessible(page, where) {
  // The page's policy forbids scripts that it did not bring; evaluate() is not bound by it.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  const found = violations.map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" | ")}`,
  );
  assert.deepEqual(found, [], `axe, ${where}`);
}

/**
 * What the page does in a frame: processor time of its callbacks, components and all, in ms. Other
 * programs that want the processor too make a frame late, but not this longer.
 */
export async function frameWork(browser, page, time_ms) {
  await browser.startTracing(page, { categories: ["devtools.timeline"] });
  await page.waitForTimeout(time_ms);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const frames = traceEvents.filter(({ name, ph, tdur }) => name === "FireAnimationFrame" && ph === "X" && tdur);
  const work_ms = frames.map(({ tdur }) => tdur / 1000).sort((a, b) => a - b);
  const share = (part) => work_ms[Math.floor((work_ms.length - 1) * part)];
  return { frames: work_ms.length, p50_ms: share(0.5), p95_ms: share(0.95) };
}
