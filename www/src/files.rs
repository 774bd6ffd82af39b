//! Files beside the page: texts that are fetched when they are needed.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Reads files by a function of `boot.js`, which knows the names that the build gave them.
#[derive(Clone, Debug, PartialEq)]
pub struct Files(Function);

impl Files {
    /// With a function that answers a name with the promise of a text.
    pub fn new(read: Function) -> Self {
        Self(read)
    }

    /// The text of a file, such as `text/en`.
    ///
    /// # Errors
    /// Why it cannot be had, in the browser's words.
    pub async fn read(&self, name: &str) -> Result<String, String> {
        let promise = self.0.call1(&JsValue::NULL, &name.into()).map_err(reason)?;
        let text = JsFuture::from(promise.unchecked_into::<Promise>()).await.map_err(reason)?;
        Ok(text.as_string().unwrap_or_default())
    }
}

fn reason(error: JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map(|error| error.message().into()).unwrap_or_default()
}
