//! The little Markdown that lessons need: paragraphs, lists, `code`, **bold**, fenced code, and
//! `[words](target)`, which mean a thing on the stage, a term of the glossary, another lesson, or a
//! number that is proven.

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// An item of a list.
    Item(String),
    /// Fenced code, with the word behind the fence.
    Code(String, String),
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span<'t> {
    /// Words.
    Plain(&'t str),
    /// `**bold**`
    Bold(&'t str),
    /// `` `code` ``
    Code(&'t str),
    /// `[words](@thing)`: something on the stage.
    Thing(&'t str, &'t str),
    /// `[words](?ISR)`: a term of the glossary.
    Term(&'t str, &'t str),
    /// `[words](#2.7)`: another lesson.
    Lesson(&'t str, &'t str),
    /// `[20 ms](= measure)`: a number that is proven.
    Number(&'t str, &'t str),
}

/// Cuts a text into blocks.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, Vec<&str>)> = None;
    let mut code: Option<(&str, Vec<&str>)> = None;
    let close = |open: &mut Option<(bool, Vec<&str>)>, blocks: &mut Vec<Block>| {
        if let Some((is_item, lines)) = open.take() {
            let text = lines.join(" ");
            blocks.push(if is_item { Block::Item(text) } else { Block::Paragraph(text) });
        }
    };
    for line in text.lines() {
        match (&mut code, line.strip_prefix("```")) {
            (Some((word, lines)), Some(_)) => {
                blocks.push(Block::Code((*word).to_owned(), lines.join("\n")));
                code = None;
            }
            (Some((_, lines)), None) => lines.push(line),
            (None, Some(word)) => {
                close(&mut open, &mut blocks);
                code = Some((word, Vec::new()));
            }
            (None, None) if line.trim().is_empty() => close(&mut open, &mut blocks),
            (None, None) => match (line.strip_prefix("- "), &mut open) {
                (Some(item), _) => {
                    close(&mut open, &mut blocks);
                    open = Some((true, vec![item.trim()]));
                }
                (None, Some((_, lines))) => lines.push(line.trim()),
                (None, None) => open = Some((false, vec![line.trim()])),
            },
        }
    }
    close(&mut open, &mut blocks);
    blocks
}

/// Cuts a line into spans.
pub fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = rest[from..].find(['`', '*', '[']).map(|at| from + at) {
        match marked(&rest[at..]) {
            Some((span, length)) => {
                if at > 0 {
                    spans.push(Span::Plain(&rest[..at]));
                }
                spans.push(span);
                rest = &rest[at + length..];
                from = 0;
            }
            // A lone mark is a sign like any other.
            None => from = at + 1,
        }
    }
    if !rest.is_empty() {
        spans.push(Span::Plain(rest));
    }
    spans
}

/// The span that a text begins with, and its length.
fn marked(text: &str) -> Option<(Span<'_>, usize)> {
    if let Some(inner) = text.strip_prefix("**") {
        let end = inner.find("**").filter(|&end| end > 0)?;
        return Some((Span::Bold(&inner[..end]), end + 4));
    }
    if let Some(inner) = text.strip_prefix('`') {
        let end = inner.find('`').filter(|&end| end > 0)?;
        return Some((Span::Code(&inner[..end]), end + 2));
    }
    let (words, after) = text.strip_prefix('[')?.split_once("](")?;
    let end = closing(after)?;
    let target = &after[..end];
    let length = words.len() + end + 4;
    let span = match target.as_bytes().first()? {
        b'@' => Span::Thing(words, &target[1..]),
        b'?' => Span::Term(words, &target[1..]),
        b'#' => Span::Lesson(words, &target[1..]),
        b'=' => Span::Number(words, target[1..].trim()),
        _ => return None,
    };
    (!words.contains('[')).then_some((span, length))
}

/// Where the bracket that is open closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, sign) in text.char_indices() {
        match sign {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lists_and_code_are_told_apart() {
        let blocks = blocks("One\nline.\n\n- Two\n  more\n- Three\n```java\n# a\n\n  b\n```");
        let expected = [
            Block::Paragraph("One line.".into()),
            Block::Item("Two more".into()),
            Block::Item("Three".into()),
            Block::Code("java".into(), "# a\n\n  b".into()),
        ];
        assert_eq!(blocks, expected);
    }

    #[test]
    fn marks_make_spans_and_lone_marks_stay() {
        let expected =
            [Span::Bold("a"), Span::Plain(" sets "), Span::Code("acks=1"), Span::Plain(".")];
        assert_eq!(spans("**a** sets `acks=1`."), expected);
        assert_eq!(spans("5 * 3"), [Span::Plain("5 * 3")]);
        assert_eq!(spans("a ` b [c]"), [Span::Plain("a ` b [c]")]);
        assert_eq!(
            spans("[9 s](= default(broker, x)), [p](@payments) and [2.7](#2.7)[lags](?lag)"),
            [
                Span::Number("9 s", "default(broker, x)"),
                Span::Plain(", "),
                Span::Thing("p", "payments"),
                Span::Plain(" and "),
                Span::Lesson("2.7", "2.7"),
                Span::Term("lags", "lag"),
            ]
        );
    }
}
