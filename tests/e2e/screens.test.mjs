// Pictures of every screen, to be looked at by people: sizes, light and dark, both languages.
//
//   HIGHWATER_SCREENS=1 cargo xtask test --only e2e screens
//
// They go to e2e-results/screens/. Nothing is compared, so nobody runs it but on purpose.
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { open } from "./harness.mjs";
import { leader, until } from "./support.mjs";

const wanted = process.env.HIGHWATER_SCREENS;
const folder = "e2e-results/screens";
const sizes = [[1440, 900], [1024, 768], [390, 844]];

/** Each screen: how one gets there, from where the one before has left the page. */
const screens = {
  sandbox: async () => {},
  broker: ({ press }) => press(".card-broker[data-node='2'] .card-select"),
  "broker-end": ({ end }) => end(),
  partition: ({ press }) => press(".card-broker[data-node='1'] .strip-name"),
  "partition-end": ({ end }) => end(),
  record: async ({ page }) => {
    const room = page.locator(`.strip-room[data-node="${await leader(page, "orders")}"]`).first();
    await room.scrollIntoViewIfNeeded();
    const { width, height } = await room.boundingBox();
    await room.click({ position: { x: width * 0.6, y: height / 2 }, force: true });
  },
  producer: ({ press }) => press(".card-producer .card-select"),
  settings: async ({ page, press }) => {
    await press("#pane-side .knobs-more");
    await page.locator("#pane-side [data-knob='transactional.id']").scrollIntoViewIfNeeded();
  },
  "producer-end": ({ end }) => end(),
  consumer: ({ press }) => press(".card-consumer .card-select"),
  controller: ({ press }) => press(".card-controller .card-select"),
  events: async ({ page, press, apply }) => {
    await apply({ "kill-broker": await leader(page, "orders") });
    await page.evaluate(() => { window.highwater.setSpeed(5); window.highwater.play(); });
    await until("an election", async () => (await leader(page, "orders")) !== null);
    await page.waitForTimeout(3_000);
    await page.evaluate(() => window.highwater.pause());
    await press(".phone-tabs button:nth-child(3)");
  },
  metrics: ({ press }) => press(".bottom-switch button:nth-child(3)"),
  table: ({ press }) => press(".switch.table"),
  map: async ({ page, press }) => {
    await press(".switch.table");
    await press(".top-lesson[aria-expanded='false']");
    await press(".phone-tabs button:nth-child(1)");
    await page.locator(".lesson-chapter").first().waitFor();
  },
  glossary: async ({ page, press }) => {
    await press(".lesson-glossary summary");
    await page.locator(".lesson-glossary dd").first().waitFor();
    await page.locator(".lesson-glossary summary").evaluate((it) => it.scrollIntoView());
  },
  predict: async ({ page }) => {
    await page.evaluate(() => { location.hash = "lesson=1.1"; });
    await page.locator(".lesson-option").first().waitFor();
  },
  do: async ({ page, press }) => {
    await press(".lesson-option");
    await page.locator(".lesson-goals").waitFor();
  },
  "take-away": async ({ page, apply }) => {
    const send = (key) => apply({ send: { producer: "checkout", key, value: "tea" } });
    await page.evaluate(() => { window.highwater.setSpeed(1); window.highwater.play(); });
    await send("alice");
    await page.locator("[data-goal='sent'].goal-met").waitFor({ timeout: 60_000 });
    await send("bob");
    await send("carol");
    await page.locator(".lesson-take-away").waitFor({ timeout: 60_000 });
    await page.locator(".lesson-take-away").scrollIntoViewIfNeeded();
  },
};

for (const [width, height] of sizes) {
  for (const colorScheme of ["light", "dark"]) {
    for (const language of ["en", "ru"]) {
      const name = `${width}-${colorScheme}-${language}`;
      test(`every screen: ${name}`, { skip: !wanted }, async (t) => {
        mkdirSync(folder, { recursive: true });
        const locale = { en: "en-GB", ru: "ru-RU" }[language];
        const { page } = await open(t, { viewport: { width, height }, colorScheme, locale });
        const help = {
          page,
          /** Presses what is there to be seen; what a size has not is passed over. */
          press: async (selector) => {
            const there = page.locator(selector).first();
            if (await there.isVisible()) await there.click();
          },
          end: () => page.locator("#pane-side").evaluate((pane) => {
            pane.scrollTop = pane.scrollHeight;
            if (pane.scrollTop === 0) window.scrollTo(0, document.body.scrollHeight);
          }),
          apply: (command) => page.evaluate((it) => window.highwater.apply(it), command),
        };
        await page.waitForTimeout(1_000);
        await page.evaluate(() => window.highwater.pause());
        let number = 0;
        for (const [screen, go] of Object.entries(screens)) {
          await go(help);
          await page.waitForTimeout(250);
          number += 1;
          await page.screenshot({ path: `${folder}/${name}-${String(number).padStart(2, "0")}-${screen}.png` });
        }
      });
    }
  }
}
