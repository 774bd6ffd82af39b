//! The colours of the style sheet, for the canvas.

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
    pub fn read() -> Option<Self> {
        let window = web_sys::window()?;
        let root = window.document()?.document_element()?;
        let style = window.get_computed_style(&root).ok()??;
        let role = |name: &str| {
            let value = style.get_property_value(name).unwrap_or_default();
            value.trim().to_owned()
        };
        Some(Self {
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
        })
    }
}
