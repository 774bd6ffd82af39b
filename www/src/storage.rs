//! What the browser keeps between visits: short texts under names.

use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What is kept under a name; `None` where there is nothing, or storage is forbidden.
pub fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps a text. Where storage is forbidden it is forgotten with the visit.
pub fn keep(name: &str, text: &str) {
    if let Some(storage) = storage() {
        storage.set_item(name, text).ok();
    }
}
