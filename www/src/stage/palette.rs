//! The colours of the style sheet, for the canvas.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::names::INTERNAL_HUE;

/// The colours by role.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// Partitions, and at the end internal topics.
    pub hues: Vec<String>,
    /// Words on these colours.
    pub on_hues: Vec<String>,
    /// Cards.
    pub surface: String,
    /// Empty room of bars and strips.
    pub track: String,
    /// Below the high watermark.
    pub water: String,
    /// The mark itself.
    pub wave: String,
    /// Words.
    pub text: String,
    /// Quiet words and marks.
    pub muted: String,
    /// Lanes.
    pub lane: String,
    /// Well.
    pub good: String,
    /// Soon over.
    pub warn: String,
    /// Failed, lost.
    pub bad: String,
}

impl Palette {
    /// Reads them. `None` while there is no window.
    ///
    /// A role may be a pair of colours for light and dark; which of the two it is, a colour knows only
    /// once it is used. So an element without a size wears one after the other.
    pub fn read() -> Option<Self> {
        let window = web_sys::window()?;
        let document = window.document()?;
        let probe = document.create_element("i").ok()?.dyn_into::<HtmlElement>().ok()?;
        document.body()?.append_child(&probe).ok()?;
        let style = window.get_computed_style(&probe).ok()??;
        let role = |name: &str| {
            probe.style().set_property("color", &format!("var({name})")).ok();
            style.get_property_value("color").unwrap_or_default()
        };
        let palette = Self {
            hues: (0..=INTERNAL_HUE).map(|hue| role(&format!("--hue-{hue}"))).collect(),
            on_hues: (0..=INTERNAL_HUE).map(|hue| role(&format!("--on-hue-{hue}"))).collect(),
            surface: role("--surface"),
            track: role("--track"),
            water: role("--water"),
            wave: role("--wave"),
            text: role("--text"),
            muted: role("--muted"),
            lane: role("--lane"),
            good: role("--good"),
            warn: role("--warn"),
            bad: role("--bad"),
        };
        probe.remove();
        Some(palette)
    }
}
