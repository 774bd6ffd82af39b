// Opens a page that counts calls (`cargo xtask opening`), as visitors do, and prints the numbers of the
// functions that were called.
import { chromium } from "playwright-core";

const { HIGHWATER_URL: url, HIGHWATER_CHROMIUM: executablePath } = process.env;
const sizes = [{ width: 1440, height: 900 }, { width: 390, height: 844 }];

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const called = new Set();
for (const [index, viewport] of sizes.entries()) {
  const locale = ["en-GB", "ru-RU"][index];
  const page = await browser.newPage({ viewport, locale });
  await page.goto(url);
  await page.waitForSelector("main");
  await page.waitForTimeout(8_000);
  for (const number of await page.evaluate(() => [...globalThis.called])) called.add(number);
  await page.close();
}
await browser.close();
console.log([...called].join(" "));
