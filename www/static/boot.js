// Starts the page. The names below are those of the build; `cargo xtask` adds fingerprints.
import init from "../pkg/highwater.js";

try {
  await init();
} catch (error) {
  // The text of index.html is still there: say below it what went wrong.
  const status = document.querySelector("[data-boot-status]");
  if (status) status.textContent = `The model could not start: ${error}`;
  throw error;
}
