//! What is wrong with a text, and where.

use std::cell::RefCell;
use std::ops::Range;

use super::ScenarioError;
use crate::engine::sort_by_key;

/// Longest value that a message quotes.
const QUOTED_CHARS: usize = 40;

/// Mistakes found so far in one text.
pub(crate) struct Problems<'t> {
    text: &'t str,
    found: RefCell<Vec<(usize, String)>>,
}

impl<'t> Problems<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, found: RefCell::new(Vec::new()) }
    }

    pub(crate) fn add(&self, at: usize, message: impl Into<String>) {
        self.found.borrow_mut().push((at, message.into()));
    }

    /// A value as it is written, if it is short.
    pub(crate) fn quote(&self, span: Range<usize>) -> Option<&'t str> {
        let value = self.text.get(span)?;
        (value.chars().count() <= QUOTED_CHARS && !value.contains('\n')).then_some(value)
    }

    /// `value` if nothing is wrong; otherwise all that is, in order of lines.
    pub(crate) fn into_result<T>(self, value: T) -> Result<T, Vec<ScenarioError>> {
        let mut found = self.found.into_inner();
        if found.is_empty() {
            return Ok(value);
        }
        sort_by_key(&mut found, |&(at, _)| at);
        let errors = found.into_iter().map(|(at, message)| {
            let before = &self.text[..self.text.floor_char_boundary(at)];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            ScenarioError { line, column, message }
        });
        Err(errors.collect())
    }
}
