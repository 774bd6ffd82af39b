//! The top bar: name, lesson, language, theme.

use yew::prelude::*;

use super::icons::{Icon, icon_button};
use crate::context::{Page, Shell};
use crate::theme::Theme;

/// The header.
pub fn header(page: &Page) -> Html {
    let shell = page.shell;
    let toggle_lesson = {
        let set_shell = page.set_shell.clone();
        Callback::from(move |_| {
            set_shell.emit(Shell { lesson_open: !shell.lesson_open, ..shell });
        })
    };
    let next_theme = {
        let set_shell = page.set_shell.clone();
        Callback::from(move |_| set_shell.emit(Shell { theme: shell.theme.next(), ..shell }))
    };
    let theme_icon = match shell.theme {
        Theme::System => Icon::Auto,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    };
    let theme_name = page.say(&format!("theme-{}", shell.theme.name()));
    let language = |code: &'static str, name: &'static str, label: &'static str| {
        let set_language = page.set_language.clone();
        let chosen = page.text.code() == code;
        html! {
            <button
                type="button"
                lang={code}
                aria-pressed={chosen.to_string()}
                title={label}
                onclick={Callback::from(move |_| set_language.emit(code))}
            >
                { name }
            </button>
        }
    };
    html! {
        <header class="top">
            <svg class="top-mark" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M2 9c3.3-3.5 6.7-3.5 10 0s6.7 3.5 10 0M2 16c3.3-3.5 6.7-3.5 10 0s6.7 3.5 10 0" />
            </svg>
            <h1 class="top-name">{ "Highwater" }</h1>
            <p class="top-what">{ page.say("header-what") }</p>
            <button
                type="button"
                class="button top-lesson"
                aria-expanded={shell.lesson_open.to_string()}
                aria-controls="pane-lesson"
                onclick={toggle_lesson}
            >
                { page.say("pane-lesson") }
            </button>
            <div class="segments" role="group" aria-label={page.say("header-language")}>
                { language("en", "EN", "English") }
                { language("ru", "RU", "Русский") }
            </div>
            { icon_button(theme_icon, theme_name, next_theme) }
        </header>
    }
}
