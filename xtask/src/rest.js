const restUrl = new URL("highwater_rest.wasm", import.meta.url);
/** Loads the rest of the module, so that nobody has to wait for it later. */
export async function loadRest() {
  const answer = await fetch(restUrl);
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  await WebAssembly.instantiate(await answer.arrayBuffer(), { first: wasm });
}
/** The same at once, for a function that is called before it is there. */
function loadRestNow() {
  const request = new XMLHttpRequest();
  request.open("GET", restUrl, false);
  // Bytes as they are: a binary answer has to be waited for otherwise.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${request.status} for ${restUrl}`);
  const bytes = Uint8Array.from(request.responseText, (unit) => unit.charCodeAt(0));
  new WebAssembly.Instance(new WebAssembly.Module(bytes), { first: wasm });
}
