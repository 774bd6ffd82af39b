//! The part of the page's address that names a lesson: `#lesson=2.6`.

const KEY: &str = "lesson=";

/// The lesson that the address names.
pub fn read() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    let mut parts = hash.trim_start_matches('#').split('&');
    parts.find_map(|part| part.strip_prefix(KEY)).map(str::to_owned)
}

/// Puts a lesson, or none, into the address.
pub fn write(lesson: Option<&str>) {
    let Some(window) = web_sys::window() else { return };
    let hash = lesson.map_or_else(String::new, |id| format!("{KEY}{id}"));
    // An address that cannot be changed still shows the lesson.
    window.location().set_hash(&hash).ok();
}
