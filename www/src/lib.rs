//! The Highwater page.
