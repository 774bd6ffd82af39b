import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness.mjs";

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
