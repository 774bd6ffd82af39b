//! The little Markdown that lessons need: paragraphs, `code`, **bold**, and fenced code.

use yew::prelude::*;

/// The text as elements.
pub fn render(text: &str) -> Html {
    html! { { for blocks(text).into_iter().map(block) } }
}

/// A text of one paragraph as elements that stand in a line.
pub fn render_inline(text: &str) -> Html {
    html! { { for spans(text).into_iter().map(span) } }
}

#[derive(Debug, PartialEq, Eq)]
enum Block {
    Paragraph(String),
    Code(String),
}

#[derive(Debug, PartialEq, Eq)]
enum Span<'t> {
    Plain(&'t str),
    Bold(&'t str),
    Code(&'t str),
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut code: Option<Vec<&str>> = None;
    for line in text.lines() {
        match (&mut code, line.starts_with("```")) {
            (Some(lines), true) => {
                blocks.push(Block::Code(lines.join("\n")));
                code = None;
            }
            (Some(lines), false) => lines.push(line),
            (None, true) => {
                end_paragraph(&mut paragraph, &mut blocks);
                code = Some(Vec::new());
            }
            (None, false) if line.trim().is_empty() => end_paragraph(&mut paragraph, &mut blocks),
            (None, false) => paragraph.push(line.trim()),
        }
    }
    end_paragraph(&mut paragraph, &mut blocks);
    blocks
}

fn end_paragraph(lines: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    if !lines.is_empty() {
        blocks.push(Block::Paragraph(lines.join(" ")));
        lines.clear();
    }
}

fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*']) {
        let mark = if rest[at..].starts_with("**") { "**" } else { &rest[at..=at] };
        let inner = &rest[at + mark.len()..];
        let end = inner.find(mark).filter(|&end| end > 0 && mark != "*");
        let Some(end) = end else {
            let (plain, after) = rest.split_at(at + mark.len());
            spans.push(Span::Plain(plain));
            rest = after;
            continue;
        };
        if at > 0 {
            spans.push(Span::Plain(&rest[..at]));
        }
        let inside = &inner[..end];
        spans.push(if mark == "`" { Span::Code(inside) } else { Span::Bold(inside) });
        rest = &inner[end + mark.len()..];
    }
    if !rest.is_empty() {
        spans.push(Span::Plain(rest));
    }
    spans
}

fn block(block: Block) -> Html {
    match block {
        Block::Paragraph(text) => html! { <p>{ render_inline(&text) }</p> },
        // It scrolls sideways, so it can be reached by keyboard.
        Block::Code(code) => html! { <pre tabindex="0"><code>{ code }</code></pre> },
    }
}

fn span(span: Span<'_>) -> Html {
    match span {
        Span::Plain(text) => html! { { text.to_owned() } },
        Span::Bold(text) => html! { <strong>{ text.to_owned() }</strong> },
        Span::Code(text) => html! { <code>{ text.to_owned() }</code> },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_code_are_told_apart() {
        let blocks = blocks("One\nline.\n\nTwo.\n```java\n# a\n\n  b\n```");
        let expected = [
            Block::Paragraph("One line.".into()),
            Block::Paragraph("Two.".into()),
            Block::Code("# a\n\n  b".into()),
        ];
        assert_eq!(blocks, expected);
    }

    #[test]
    fn marks_make_spans_and_lone_marks_stay() {
        let expected =
            [Span::Bold("a"), Span::Plain(" sets "), Span::Code("acks=1"), Span::Plain(".")];
        assert_eq!(spans("**a** sets `acks=1`."), expected);
        assert_eq!(spans("5 * 3"), [Span::Plain("5 *"), Span::Plain(" 3")]);
        assert_eq!(spans("a ` b"), [Span::Plain("a `"), Span::Plain(" b")]);
    }
}
