// A browser, the built page in it, and an ear for everything that goes wrong.
//
//   import { open } from "./harness.mjs";
//   test("...", async (t) => {
//     const { page } = await open(t);
//     ...
//   });
//
// `cargo xtask test --only e2e` builds and serves the page and sets the environment. When the
// test ends, it fails if the page logged an error, broke its content security policy, asked
// another host for anything, or asked for something that is not there.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const { HIGHWATER_URL: base, HIGHWATER_CHROMIUM: executablePath } = process.env;

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Opens the page in a browser of its own, which closes when the test does.
 *
 * @param t the test's context
 * @param options `path` below the page's address (such as "#lesson"); `expect` is a list of
 *   patterns for problems that this test provokes; `prepare(context)` runs before the page is
 *   opened; `mounted: false` does not wait for the app; the rest goes to the browser's context (`viewport`, `colorScheme`, `locale`, ...)
 * @returns the page, its context, and the problems so far
 */
export async function open(t, options = {}) {
  assert.ok(base && executablePath, "run this by `cargo xtask test --only e2e`");
  const { path = "", expect = [], prepare, mounted = true, ...contextOptions } = options;
  const browser = await chromium.launch({ executablePath, args: flags });
  t.after(() => browser.close());
  const context = await browser.newContext({ reducedMotion: "no-preference", ...contextOptions });
  await prepare?.(context);
  const page = await context.newPage();
  const problems = [];
  await listen(page, problems);
  t.after(() => assertClean(problems, expect));
  await page.goto(new URL(path, base).href);
  if (mounted) await page.waitForSelector("main[aria-busy='false']");
  return { page, context, browser, problems };
}

/** Fails when anything went wrong that was not expected. */
export function assertClean(problems, expect = []) {
  const odd = problems.filter((problem) => !expect.some((pattern) => pattern.test(problem)));
  assert.deepEqual(odd, [], "the page ran into problems");
}

async function listen(page, problems) {
  const origin = new URL(base).origin;
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("crash", () => problems.push("the page crashed"));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) {
      problems.push(`request to another host: ${url.href}`);
    }
  });
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // The page was left or loaded anew before the answer came.
    if (reason !== "net::ERR_ABORTED") problems.push(`request failed: ${request.url()} (${reason})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} for ${response.url()}`);
  });
  await page.exposeFunction("reportPolicyViolation", (text) => {
    problems.push(`content security policy: ${text}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
      window.reportPolicyViolation(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
    });
  });
}
