//! Small pictures on buttons, drawn in the colour of the text.

use yew::prelude::*;

/// An icon.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Time runs on.
    Play,
    /// Time stands still.
    Pause,
    /// One step on.
    Step,
    /// On to the next event.
    Next,
    /// In good order.
    Stop,
    /// Without warning.
    Kill,
    /// Up again.
    Start,
    /// Away with it.
    Remove,
    /// One more.
    Add,
    /// Light theme.
    Sun,
    /// Dark theme.
    Moon,
    /// Theme of the system.
    Auto,
    /// Slower.
    Minus,
    /// Close.
    Close,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Play | Self::Start => "M4.5 2.5v11l9-5.5z",
            Self::Pause => "M4 2.5h3v11H4zM9 2.5h3v11H9z",
            Self::Step => "M3 2.5v11l7-5.5zM11.5 2.5h2v11h-2z",
            Self::Next => "M1.5 3v10l6-5zM7.5 3v10l6-5zM13.5 3h1.5v10h-1.5z",
            Self::Stop => "M3.5 3.5h9v9h-9z",
            Self::Kill => "M9.5 1 3 9h4l-1 6 7-8.5H8.8z",
            Self::Remove => "M5.5 2h5v1.5H14V5H2V3.5h3.5zM3.2 6h9.6l-.8 8.5H4z",
            Self::Add => "M7 2.5h2V7h4.5v2H9v4.5H7V9H2.5V7H7z",
            Self::Minus => "M2.5 7h11v2h-11z",
            Self::Sun => {
                "M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM7.3 0h1.4v2.800H7.3zM7.3 13.2h1.4V16H7.3zM0 7.3h2.800v1.4H0zM13.2 7.3H16v1.4h-2.800zM2 3l1-1 2 2-1 1zM11 12l1-1 2 2-1 1zM2 13l2-2 1 1-2 2zM11 4l2-2 1 1-2 2z"
            }
            Self::Moon => "M10.5 1.5A6.5 6.5 0 1 0 14.5 10 5.5 5.5 0 0 1 10.5 1.5z",
            Self::Auto => "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.6v10.800a5.4 5.4 0 0 1 0-10.800z",
            Self::Close => {
                "M3.5 2.1 8 6.6l4.5-4.5 1.4 1.4L9.4 8l4.5 4.5-1.4 1.4L8 9.4l-4.5 4.5-1.4-1.4L6.6 8 2.1 3.5z"
            }
        }
    }

    /// The picture; words for it stand elsewhere.
    pub fn draw(self) -> Html {
        html! {
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={self.path()} /></svg>
        }
    }
}

/// A button with an icon alone; `label` says what it does, for all who do not see or know the
/// picture.
pub fn icon_button(icon: Icon, label: impl Into<AttrValue>, onclick: Callback<MouseEvent>) -> Html {
    button("icon-button", icon, label.into(), onclick)
}

/// The same for what is done most.
pub fn primary_button(icon: Icon, label: String, onclick: Callback<MouseEvent>) -> Html {
    button("icon-button primary", icon, label.into(), onclick)
}

fn button(
    class: &'static str,
    icon: Icon,
    label: AttrValue,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <button type="button" {class} aria-label={label.clone()} title={label} {onclick}>
            { icon.draw() }
        </button>
    }
}
