import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness.mjs";
import { leader, lost, snapshot, until } from "./support.mjs";

/** What the lesson says in each language. */
const languages = {
  "en-GB": {
    title: "acks=1: acknowledged, then gone",
    option: /no follower had fetched/,
    hint: "Hint",
    firstHint: /Look for the broker whose strip/,
    kill: (id) => `Kill broker ${id}`,
    start: (id) => `Start broker ${id}`,
    right: "Your prediction was right.",
    sandbox: "Open in sandbox",
    welcome: "Look, turn, break",
    done: "done",
  },
  "ru-RU": {
    title: "acks=1: подтверждено, а потом потеряно",
    option: /ни один follower не успел/,
    hint: "Подсказка",
    firstHint: /Найдите broker, у которого/,
    kill: (id) => `Убить: broker ${id}`,
    start: (id) => `Запустить: broker ${id}`,
    right: "Ваш прогноз сбылся.",
    sandbox: "Открыть в песочнице",
    welcome: "Смотрите, крутите, ломайте",
    done: "пройден",
  },
};

for (const [locale, say] of Object.entries(languages)) {
  test(`lesson 2.6 by clicks, ${locale}`, async (t) => {
    const { page } = await open(t, { locale, viewport: { width: 1440, height: 900 } });
    const lesson = page.locator("#pane-lesson");
    const button = (name) => page.getByRole("button", { name, exact: true });
    await lesson.locator(".lesson-link", { hasText: say.title }).click();
    await lesson.getByRole("heading", { name: say.title }).waitFor();

    // Predict: time stands still until the question is answered.
    const option = lesson.getByRole("button", { name: say.option });
    await option.waitFor();
    await page.waitForTimeout(200);
    const before = await page.evaluate(() => window.highwater.now());
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => window.highwater.now()), before, "time waits");
    await option.click();
    await until("time to run", async () => (await page.evaluate(() => window.highwater.now())) > before);

    // A hint for the state seen.
    await lesson.getByRole("button", { name: say.hint, exact: true }).click();
    await lesson.getByText(say.firstHint).waitFor();

    // Do: kill the leader; see: something is lost.
    const first = await leader(page, "orders");
    await button(say.kill(first)).click();
    await page.evaluate(() => window.highwater.setSpeed(5));
    await until("a loss", async () => (await lost(page)) > 0);
    await lesson.locator("[data-goal='lost'].goal-met").waitFor();
    assert.equal(await lesson.locator("[data-goal='kept'].goal-met").count(), 0);

    // Change one setting, and kill the next leader.
    await button(say.start(first)).click();
    await button("payments").first().click();
    await page.locator("#pane-side").getByLabel("acks", { exact: true }).selectOption("all");
    await until("three replicas in the ISR", async () => {
      const { topics } = await snapshot(page);
      return topics.find(({ name }) => name === "orders").partitions[0].isr.length === 3;
    });
    await lesson.locator("[data-goal='kept'].goal-active").waitFor();
    const known = await lost(page);
    const second = await leader(page, "orders");
    await button(say.kill(second)).click();
    await lesson.locator("[data-goal='kept'].goal-met").waitFor({ timeout: 60_000 });
    assert.equal(await lost(page), known, "nothing more was lost");

    // Take away.
    await lesson.getByText(say.right).waitFor();
    await lesson.getByText("enable.idempotence=true").waitFor();
    await lesson.getByRole("button", { name: say.sandbox }).click();
    await lesson.getByRole("heading", { name: say.welcome }).waitFor();
    await lesson.getByText(say.done, { exact: true }).waitFor();
  });
}

test("a link opens the lesson", async (t) => {
  const { page } = await open(t, { locale: "en-GB", path: "#lesson=2.6", viewport: { width: 1440, height: 900 } });
  await page.locator("#pane-lesson").getByRole("heading", { name: languages["en-GB"].title }).waitFor();
  const { producers } = await snapshot(page);
  assert.deepEqual(producers.map(({ name }) => name), ["payments"]);
});
