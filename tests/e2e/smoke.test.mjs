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

test("the page lives without the module's second half, and loads it when it has to", async (t) => {
  let asked = 0;
  const { page } = await open(t, {
    locale: "en-GB",
    expect: [/ERR_FAILED/],
    prepare: (context) =>
      context.route("**/highwater_rest*.wasm", (route) => ((asked += 1) === 1 ? route.abort() : route.continue())),
  });
  const now = () => page.evaluate(() => window.highwater.now());
  await page.waitForFunction(() => window.highwater);
  const opened = await now();
  await page.waitForTimeout(5_000);
  assert.ok((await now()) > opened, "virtual time passes");
  assert.equal(asked, 1, "the opening scene has all it needs");
  assert.ok((await verdict(page)).acknowledged > 0, "what was called is there");
  assert.equal(asked, 2);
  await verdict(page);
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
