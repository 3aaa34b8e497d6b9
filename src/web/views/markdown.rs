//! Markdown of catalogs as markup. A catalog may come from anywhere, so nothing of it can run, load
//! or pretend: what Markdown gives is cleaned to a few plain elements.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;
use maud::{Markup, PreEscaped};
use pulldown_cmark::{Event, Parser, html};

/// What a text may consist of.
const ELEMENTS: [&str; 15] =
    ["p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a", "h3", "h4", "h5", "br", "hr"];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(ELEMENTS))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .add_tag_attributes("a", ["href"])
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noreferrer nofollow"));
    builder
});

/// How deep lists, quotations and emphasis may stand in one another. What stands deeper is shown as if it
/// stood here: nobody can read it, and cleaning deep markup takes long.
const DEEPEST: usize = 12;

/// The text as markup.
pub(super) fn markdown(text: &str) -> Markup {
    let mut unsafe_html = String::new();
    let mut depth = 0;
    let events = Parser::new(text).filter(|event| match event {
        Event::Start(_) => {
            depth += 1;
            depth <= DEEPEST
        }
        Event::End(_) => {
            depth -= 1;
            depth < DEEPEST
        }
        Event::Html(_) | Event::InlineHtml(_) => false,
        _ => true,
    });
    html::push_html(&mut unsafe_html, events);
    PreEscaped(CLEANER.clean(&unsafe_html).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_markdown_becomes_plain_markup() {
        let text = "One *two* **three** `four`.\n\n- a\n- [b](https://b.example/?x=1&y=2)\n";
        assert_eq!(
            markdown(text).into_string(),
            "<p>One <em>two</em> <strong>three</strong> <code>four</code>.</p>\n<ul>\n<li>a</li>\n<li>\
             <a href=\"https://b.example/?x=1&amp;y=2\" rel=\"noreferrer nofollow\">b</a></li>\n</ul>\n"
        );
    }

    #[test]
    fn nothing_hostile_survives() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "![x](https://evil.example/pixel.png)",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "[x](//evil.example)",
            "[x](/teams)",
            "<a href=\"https://a.example\" onclick=\"alert(1)\" style=\"x\">a</a>",
            "<iframe src=https://evil.example></iframe>",
            "<svg onload=alert(1)><style>*{}</style></svg>",
            "<form action=/teams><input name=name><button>go</button></form>",
            "<p id=main class=card>x</p>",
        ] {
            let html = markdown(hostile).into_string();
            let lower = html.to_lowercase();
            for part in [
                "<script", "<img", "<iframe", "<svg", "<form", "<input", "<button", "<style", "onclick", "onerror",
                "style=", "id=", "class=",
            ] {
                assert!(!lower.contains(part), "{hostile} became {html}");
            }
            let link = lower.split("href=\"").nth(1);
            assert!(link.is_none_or(|link| link.starts_with("https://a.example")), "{hostile} became {html}");
        }
    }

    #[test]
    fn what_is_too_deep_stands_at_the_deepest_place_there_is() {
        let quoted = |depth: usize, text: &str| format!("{}{text}\n", ">".repeat(depth));
        let html = markdown(&[quoted(14, " a"), quoted(12, ""), quoted(12, " b")].concat()).into_string();
        assert_eq!(html.matches("<blockquote>").count(), DEEPEST);
        assert!(html.ends_with(&format!("b{}", "</blockquote>\n".repeat(DEEPEST))), "{html}");
    }

    #[test]
    fn depth_does_no_harm() {
        for piece in [">", "- ", "[", "*", "<b>", "> - "] {
            let html = markdown(&piece.repeat(5_000 / piece.len())).into_string();
            assert!(html.len() < 2_000_000, "{piece}");
        }
    }
}
