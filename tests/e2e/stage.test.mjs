// What is painted on the stage answers to the mouse, and holds still for those who ask for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness.mjs";
import { assertAccessible, leader, snapshot, until } from "./support.mjs";

const english = { viewport: { width: 1440, height: 900 }, locale: "en-GB" };

/** A place in a strip of a partition, as a share of its width. */
async function strip(page, broker, share) {
  const room = page.locator(`.strip-room[data-node="${broker}"]`).first();
  const box = await room.boundingBox();
  return { x: box.x + box.width * share, y: box.y + box.height / 2 };
}

/** Where the canvas has most of the colour of a role in a rectangle of the page. */
const find = (page, role, box) =>
  page.evaluate(([role, box]) => {
    const canvas = document.querySelector(".stage-canvas");
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(${role})`;
    const wanted = getComputedStyle(probe).color.match(/\d+/g).map(Number);
    probe.remove();
    const { left, top, width } = canvas.getBoundingClientRect();
    const scale = canvas.width / width;
    const [x, y, w, h] = [box.x - left, box.y - top, box.width, box.height].map((n) => Math.round(n * scale));
    const { data } = canvas.getContext("2d").getImageData(x, y, w, h);
    for (let index = 0; index < data.length; index += 4) {
      const near = wanted.every((value, part) => Math.abs(value - data[index + part]) < 8);
      if (near && data[index + 3] > 200) {
        const place = index / 4;
        return { x: box.x + (place % w) / scale, y: box.y + Math.floor(place / w) / scale };
      }
    }
    return null;
  }, [role, box]);

test("a click on a cell opens its record", async (t) => {
  const { page } = await open(t, english);
  await page.getByRole("button", { name: "Pause (space)" }).click();
  const broker = await leader(page, "orders");
  const { x, y } = await strip(page, broker, 0.5);
  await page.mouse.click(x, y);
  const side = page.locator("#pane-side");
  await side.getByRole("heading", { name: /^Record \d+$/ }).waitFor();
  await side.getByText(/^orders-0, offset \d+$/).waitFor();
  await side.locator(".fate").getByText("the application called send()").waitFor();
});

test("a click on a token opens its message", async (t) => {
  const { page } = await open(t, english);
  const gutter = async () => {
    const producers = await page.locator(".column-producers").boundingBox();
    const brokers = await page.locator(".column-brokers").boundingBox();
    const x = producers.x + producers.width + 4;
    return { x, y: producers.y, width: brokers.x - x - 4, height: producers.height };
  };
  const pause = page.getByRole("button", { name: "Pause (space)" });
  const play = page.getByRole("button", { name: "Play (space)" });
  // Stop whenever a record of the first partition is under way, until one shows.
  const place = await until("a token between the columns", async () => {
    await pause.click();
    const found = await find(page, "--hue-0", await gutter());
    if (!found) await play.click();
    return found;
  });
  await page.mouse.click(place.x + 2, place.y + 2);
  const side = page.locator("#pane-side");
  await side.getByRole("heading", { name: /^Produce / }).waitFor();
  await side.getByText("message", { exact: true }).waitFor();
});

test("a step of a record's fate leads to its event", async (t) => {
  const { page } = await open(t, english);
  await page.getByRole("button", { name: "Pause (space)" }).click();
  const broker = await leader(page, "orders");
  const { x, y } = await strip(page, broker, 0.7);
  await page.mouse.click(x, y);
  const steps = page.locator("#pane-side .fate li");
  await steps.first().waitFor();
  const count = await steps.count();
  assert.ok(count >= 4, "it was sent, batched, appended, acknowledged");
  for (let index = 0; index < count; index += 1) {
    await steps.nth(index).locator(".fate-event").click();
    const shown = page.locator("#pane-bottom .event.shown");
    await shown.waitFor();
    const time = await steps.nth(index).locator(".fate-time").innerText();
    await until("its event", async () => (await shown.locator(".event-time").innerText()) === time);
    assert.ok(await shown.evaluate((line) => line.contains(document.activeElement)), "it has the focus");
  }
  await page.getByRole("button", { name: "Back to the newest" }).click();
  await page.locator("#pane-bottom .event.shown").waitFor({ state: "detached" });
});

test("with reduced motion tokens go in steps", async (t) => {
  /** How many different pictures the way between brokers and consumers shows in 60 frames. */
  const pictures = async (reducedMotion) => {
    const { page } = await open(t, { ...english, reducedMotion });
    await page.evaluate(() => window.highwater.setSpeed(0.02));
    await page.waitForTimeout(500);
    return page.evaluate(async () => {
      const canvas = document.querySelector(".stage-canvas");
      const from = document.querySelector(".column-brokers").getBoundingClientRect().right;
      const to = document.querySelector(".column-consumers").getBoundingClientRect().left;
      const { left, width } = canvas.getBoundingClientRect();
      const scale = canvas.width / width;
      const context = canvas.getContext("2d");
      const seen = new Set();
      for (let frame = 0; frame < 60; frame += 1) {
        await new Promise(requestAnimationFrame);
        const { data } = context.getImageData((from - left) * scale, 0, (to - from) * scale, canvas.height);
        seen.add(data.reduce((sum, value, index) => (sum + value * (index % 65_521)) % 1e9, 0));
      }
      return seen.size;
    });
  };
  const moving = await pictures("no-preference");
  const still = await pictures("reduce");
  t.diagnostic(`${moving} pictures, ${still} with reduced motion`);
  assert.ok(moving > 8, `${moving} pictures of 60 differ`);
  assert.ok(still > 1 && still < moving / 2, `${still} pictures of 60 differ with reduced motion`);
});

for (const viewport of [{ width: 1440, height: 900 }, { width: 1024, height: 768 }]) {
  test(`the opening scene is seen whole, ${viewport.width}`, async (t) => {
    const { page } = await open(t, { ...english, viewport });
    const [content, room] = await page.locator(".stage-scroll").evaluate((it) => [it.scrollHeight, it.clientHeight]);
    assert.ok(content <= room, `the stage needs ${content} px and has ${room} px`);
  });
}

test("on a phone what is chosen comes up", async (t) => {
  const { page } = await open(t, { ...english, viewport: { width: 390, height: 844 } });
  const isUp = (name) => until(`${name} in view`, () =>
    page.locator("#pane-side h2", { hasText: name }).evaluateAll(([heading]) => {
      const { top, bottom } = heading?.getBoundingClientRect() ?? {};
      return top >= 0 && bottom > top && bottom <= innerHeight;
    }));
  await page.getByRole("button", { name: "Lesson", exact: true }).click();
  await page.getByRole("button", { name: "broker 2", exact: true }).first().click();
  await isUp("broker 2");
  await page.getByRole("button", { name: "Events and verdict", exact: true }).click();
  await page.locator(".strip-name", { hasText: "orders-1" }).first().click();
  await isUp("orders-1");
  await page.getByRole("button", { name: "Events and verdict", exact: true }).click();
  await page.getByRole("button", { name: "Pause (space)" }).click();
  const room = page.locator(`.strip-room[data-node="${await leader(page, "orders")}"]`).first();
  await room.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await room.boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  await isUp(/^Record /);
});

test("everything that can be done to a node has a button", async (t) => {
  const { page } = await open(t, english);
  const button = (name) => page.getByRole("button", { name, exact: true });
  const broker = async (id) => (await snapshot(page)).brokers.find((it) => it.id === id);
  const client = async (name) => {
    const { producers, consumers } = await snapshot(page);
    return [...producers, ...consumers].find((it) => it.name === name);
  };
  const becomes = (what, ask, state) => until(`${what} ${state}`, async () => (await ask())?.process === state);
  await page.evaluate(() => window.highwater.setSpeed(10));

  await button("Kill broker 3").click();
  await becomes("broker 3", () => broker(3), "crashed");
  await button("Start broker 3").click();
  await becomes("broker 3", () => broker(3), "running");
  await until("broker 3 to be let in", async () => !(await broker(3)).fenced);
  await button("Stop broker 3 in good order").click();
  await becomes("broker 3", () => broker(3), "stopped");
  await button("Start broker 3").click();
  await button("Add a broker").click();
  await until("broker 4", () => broker(4));

  for (const name of ["checkout", "billing-1"]) {
    await button(`Crash ${name}`).click();
    await becomes(name, () => client(name), "crashed");
    await button(`Start ${name}`).click();
    await becomes(name, () => client(name), "running");
    await button(`Close ${name}`).click();
    await becomes(name, () => client(name), "stopped");
    await button(`Remove ${name}`).click();
    await until(`${name} to go`, async () => !(await client(name)));
  }
  const { producers, consumers } = await snapshot(page);
  await button("Add a producer").click();
  await until("a producer", async () => (await snapshot(page)).producers.length > producers.length);
  await button("Add a consumer").click();
  await until("a consumer", async () => (await snapshot(page)).consumers.length > consumers.length);
});

test("what begins a fault ends it, and the stage shows it", async (t) => {
  const { page } = await open(t, english);
  const side = page.locator("#pane-side");
  const card = page.locator(".card-broker[data-node='2']");
  const select = (name) => page.getByRole("button", { name, exact: true }).first().click();
  const view = (pick) => async () => pick(await snapshot(page));
  const broker = (pick) => view(({ brokers }) => pick(brokers.find(({ id }) => id === 2)));
  const faults = [
    ["broker 2", "Slow network", "slow network", card, view((it) => it.slow_nodes.length > 0)],
    ["broker 2", "Slow disk", "slow disk", card, broker((it) => it.slow_disk_us > 0)],
    ["broker 2", "Pause", "paused", card, view((it) => it.paused.length > 0)],
    ["broker 2", "Full disk", "disk full", card, broker((it) => it.disk_full)],
    ["billing-1", "Pause", "paused", page.locator(".card-consumer").first(), view((it) => it.paused.length > 0)],
    ["checkout", "Slow network", "slow network", page.locator(".card-producer").first(), view((it) => it.slow_nodes.length > 0)],
    ["controller", "Pause", "paused", page.locator(".card-controller"), view((it) => it.paused.length > 0)],
  ];
  // While time stands still: a full disk takes its broker down with the next write.
  await page.getByRole("button", { name: "Pause (space)" }).click();
  for (const [node, name, words, where, isOn] of faults) {
    await select(node);
    const control = side.locator(".faults").getByRole("button", { name });
    await control.click();
    await until(`${node}: ${name}`, isOn);
    await side.locator(".faults [aria-pressed='true']").getByText(name).waitFor();
    await where.getByText(words).waitFor();
    await control.click();
    await until(`${node}: no ${name}`, async () => !(await isOn()));
    await where.getByText(words).waitFor({ state: "detached" });
  }
});

test("links are cut one way or both, what waits is drawn, and they heal", async (t) => {
  const { page } = await open(t, english);
  const side = page.locator("#pane-side");
  await page.getByRole("button", { name: "broker 1", exact: true }).first().click();
  const link = side.getByLabel("broker 2", { exact: true });
  const cuts = async () => (await snapshot(page)).cut_links.map((link) => link.join(">")).join();
  for (const [how, expected] of [["cut", "1>2,2>1"], ["cut-to", "1>2"], ["cut-from", "2>1"]]) {
    await link.selectOption(how);
    await until(`${how}: ${expected}`, async () => (await cuts()) === expected);
  }
  await link.selectOption("slow");
  await until("a slow link", async () => (await snapshot(page)).slow_links.length === 2 && !(await cuts()));
  await link.selectOption("cut");
  await page.evaluate(() => window.highwater.setSpeed(1));
  await until("waiting messages", async () => (await snapshot(page)).waiting.length > 0);
  await side.getByText(/^\d+ waiting$/).waitFor();
  await page.getByRole("button", { name: "table", exact: true }).click();
  await page.locator("#twin").getByText("broker 1 → broker 2: cut").waitFor();
  // The cross is drawn at the brokers' right, and a click on it leads to the link's end.
  await page.getByRole("button", { name: "checkout", exact: true }).first().click();
  const middle = async () => {
    const [one, two] = await Promise.all([1, 2].map((id) => page.locator(`.card-broker[data-node='${id}']`).boundingBox()));
    return { x: one.x + one.width + 4, y: (one.y + two.y) / 2 + 13, width: 40, height: 14 };
  };
  // A token that flies over the cross takes the click for itself, so it may need another.
  const end = side.getByRole("heading", { name: /^broker [12]$/ });
  await until("a click on the cut leads to a broker", async () => {
    const cross = await find(page, "--bad", await middle());
    if (cross) await page.mouse.click(cross.x, cross.y + 2);
    return end.isVisible();
  });
  await page.getByRole("button", { name: "broker 1", exact: true }).first().click();
  await link.selectOption("whole");
  await until("no cut", async () => (await cuts()) === "");
  await until("nothing that waits", async () => (await snapshot(page)).waiting.length === 0);
});

test("a broker without power says so, and starts again", async (t) => {
  const { page } = await open(t, english);
  await page.getByRole("button", { name: "broker 3", exact: true }).first().click();
  await page.getByRole("button", { name: "Cut the power", exact: true }).click();
  const card = page.locator(".card-broker[data-node='3']");
  await card.getByText("no power").waitFor();
  await until("messages that wait for it", async () =>
    (await snapshot(page)).waiting.some(({ to }) => to === 3));
  await page.locator("#pane-side").getByRole("button", { name: "Start", exact: true }).click();
  await card.getByText("no power").waitFor({ state: "detached" });
});

for (const viewport of [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, { width: 390, height: 844 }]) {
  test(`a quorum of controllers has names and is killed by a click, ${viewport.width}`, async (t) => {
    // A lesson whose cluster has three controllers.
    const prepare = (context) =>
      context.route(/lessons\/.*scenario.*\.toml/, async (route) => {
        const answer = await route.fetch();
        const body = (await answer.text()).replace("[cluster]", "[cluster]\ncontrollers = 3");
        await route.fulfill({ response: answer, body });
      });
    const { page } = await open(t, { locale: "en-GB", path: "#lesson=1.4", viewport, prepare });
    // The lesson itself locks controllers.
    await page.getByRole("button", { name: "Open in sandbox", exact: true }).click();
    for (const id of [1, 2, 3]) {
      const name = page.getByRole("button", { name: `controller ${id}`, exact: true });
      const { width } = await name.boundingBox();
      const shown = await name.evaluate((it) => it.parentElement.clientWidth);
      assert.ok(shown >= width - 1, `controller ${id} has ${shown} px of ${width} px for its name`);
    }
    if (viewport.width > 800) {
      const bottom = async (selector) => page.locator(selector).evaluate((it) => it.getBoundingClientRect().bottom);
      const [last, stage] = [await bottom(".card-broker[data-node='3']"), await bottom(".stage-scroll")];
      assert.ok(last <= stage, `broker 3 ends at ${last} px, the stage at ${stage} px`);
    }
    await page.getByRole("button", { name: "Kill controller 2", exact: true }).click();
    await page.getByRole("button", { name: "Start controller 2", exact: true }).waitFor();
    await assertAccessible(page, "a quorum, one of it dead");
  });
}
