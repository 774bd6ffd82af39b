import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness.mjs";
import { verdict } from "./support.mjs";

test("the app takes the place of the text that was there before it", async (t) => {
  const { page } = await open(t);
  assert.equal(await page.locator("[data-boot-status]").count(), 0);
  assert.match(await page.locator("#app").innerText(), /\S/);
});

test("without JavaScript the page says what it is and what it needs", async (t) => {
  // The script's preload is then refused, and that is how it should be.
  const expect = [/^request failed: .*\.js \(csp\)$/];
  const { page } = await open(t, { javaScriptEnabled: false, mounted: false, expect });
  assert.match(await page.locator("h1").innerText(), /Highwater/);
  assert.match(await page.locator("noscript").innerText(), /JavaScript/);
});

test("a module that does not load is said so, below the text", async (t) => {
  const { page } = await open(t, {
    prepare: (context) => context.route("**/*.wasm", (route) => route.abort()),
    expect: [/ERR_FAILED/, /^exception/],
    mounted: false,
  });
  await page.getByText("could not start").waitFor();
  assert.match(await page.locator("h1").innerText(), /Highwater/);
});

test("the cluster lives before the module's second half is there, and the panels follow", async (t) => {
  let send;
  const { page } = await open(t, {
    locale: "en-GB",
    mounted: false,
    prepare: (context) =>
      context.route("**/highwater_rest*.wasm", async (route) => {
        await new Promise((resolve) => (send = resolve));
        await route.continue();
      }),
  });
  // What `window.highwater` does is in the second half.
  const clock = page.locator(".transport-clock");
  await page.locator(".card-broker").first().waitFor();
  const opened = await clock.innerText();
  await page.waitForTimeout(4_000);
  assert.notEqual(await clock.innerText(), opened, "virtual time passes");
  assert.equal(await page.locator("main").getAttribute("aria-busy"), "true");
  send();
  await page.locator("main[aria-busy='false']").waitFor();
  await page.locator("#pane-side").getByRole("heading").first().waitFor();
});

test("a second half that does not come is loaded when it is needed", async (t) => {
  let asked = 0;
  const { page } = await open(t, {
    locale: "en-GB",
    expect: [/ERR_FAILED/],
    prepare: (context) =>
      context.route("**/highwater_rest*.wasm", (route) => ((asked += 1) === 1 ? route.abort() : route.continue())),
  });
  await page.locator("#pane-side").getByRole("heading").first().waitFor();
  assert.ok((await verdict(page)).acknowledged > 0);
  assert.equal(asked, 2, "once is enough");
});

test("what breaks the content security policy is blocked and noticed", async (t) => {
  const { page, problems } = await open(t, { expect: [/content security policy/i] });
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.evil = true";
    document.head.append(script);
  });
  await page.waitForTimeout(100);
  assert.equal(await page.evaluate(() => window.evil), undefined);
  assert.ok(problems.some((problem) => problem.startsWith("content security policy: script-src")));
});
