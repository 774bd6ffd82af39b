//! Brings panels into view.

/// What is new in a pane begins at its title, however far down one has read before.
pub fn to_top(pane: &str) {
    if let Some(pane) = document().and_then(|it| it.get_element_by_id(pane)) {
        pane.set_scroll_top(0);
    }
}

/// On a phone the panes stand below the stage, under the tabs; elsewhere there are no tabs.
pub fn to_pane() {
    if let Some(tabs) = document().and_then(|it| it.query_selector(".phone-tabs").ok()?) {
        tabs.scroll_into_view();
    }
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
