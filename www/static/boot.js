// Starts the page. The names below are those of the build; `cargo xtask` adds fingerprints.
import init, * as model from "../pkg/highwater.js";

const files = {
  "text/en": "../text/en.ftl",
  "text/ru": "../text/ru.ftl",
  "text/configs.en": "../text/configs.en.properties",
  "text/configs.ru": "../text/configs.ru.properties",
};

/** The text of a file: one named above, or one that lies in the page's folder as it is called. */
async function read(name) {
  const answer = await fetch(new URL(files[name] ?? `../${name}`, import.meta.url));
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  return answer.text();
}

/** The language that was chosen before (text/mod.rs keeps it), or that the browser prefers. */
function language() {
  let chosen = null;
  try {
    chosen = localStorage.getItem("highwater.language");
  } catch {
    // Storage is forbidden: nothing was kept.
  }
  return (chosen ?? navigator.language).startsWith("ru") ? "ru" : "en";
}

try {
  const code = language();
  const [texts] = await Promise.all([read(`text/${code}`), init()]);
  // Only a module that was built to be published has a second half.
  model.start(code, texts, read, model.loadRest ?? (async () => {}));
} catch (error) {
  // The text of index.html is still there: say below it what went wrong.
  const status = document.querySelector("[data-boot-status]");
  if (status) status.textContent = `The model could not start: ${error}`;
  throw error;
}
