//! “What can programs do?”: the description of the interface, to read.

use maud::{Markup, html};

use super::layout::{self, Frame};

/// What the page describes.
#[derive(Debug)]
pub(in crate::web) struct Reference {
    /// The operations, in groups.
    pub(in crate::web) groups: Vec<Group>,
    /// The shapes of what is sent and answered.
    pub(in crate::web) shapes: Vec<Shape>,
    /// What can be wrong.
    pub(in crate::web) problems: Vec<ProblemKind>,
}

/// Operations about the same.
#[derive(Debug)]
pub(in crate::web) struct Group {
    /// What they are about.
    pub(in crate::web) name: String,
    /// The same in a sentence.
    pub(in crate::web) description: String,
    /// Them.
    pub(in crate::web) operations: Vec<Operation>,
}

/// What can be asked for.
#[derive(Debug)]
pub(in crate::web) struct Operation {
    /// Its name among all.
    pub(in crate::web) id: String,
    /// In capital letters.
    pub(in crate::web) method: String,
    /// With the names of its parts in braces.
    pub(in crate::web) path: String,
    /// What it does, in a sentence.
    pub(in crate::web) summary: String,
    /// More of it; may be empty.
    pub(in crate::web) description: String,
    /// Parts of the path, parameters and headers.
    pub(in crate::web) parameters: Vec<Field>,
    /// What is sent with it.
    pub(in crate::web) body: Option<Body>,
    /// What is answered, without what all operations answer.
    pub(in crate::web) answers: Vec<Answer>,
}

/// What is sent with an operation.
#[derive(Debug)]
pub(in crate::web) struct Body {
    /// The content types that are read.
    pub(in crate::web) kinds: Vec<String>,
    /// The shape of the JSON.
    pub(in crate::web) shape: Option<Kind>,
    /// Such a body, where it is JSON.
    pub(in crate::web) example: Option<String>,
}

/// An answer of an operation.
#[derive(Debug)]
pub(in crate::web) struct Answer {
    /// Its status.
    pub(in crate::web) status: String,
    /// What it means.
    pub(in crate::web) description: String,
    /// What is in it.
    pub(in crate::web) shape: Option<Kind>,
}

/// What something looks like.
#[derive(Debug)]
pub(in crate::web) struct Shape {
    /// Its name.
    pub(in crate::web) name: String,
    /// What it is.
    pub(in crate::web) description: String,
    /// What is in it.
    pub(in crate::web) fields: Vec<Field>,
    /// The words that it can be, where it is one of some.
    pub(in crate::web) words: Vec<String>,
}

/// A named value: a parameter or a part of a shape.
#[derive(Debug)]
pub(in crate::web) struct Field {
    /// Its name.
    pub(in crate::web) name: String,
    /// Where it stands, where that is to be said: path, query or header.
    pub(in crate::web) place: String,
    /// What it is.
    pub(in crate::web) kind: Kind,
    /// Whether it can be left out.
    pub(in crate::web) optional: bool,
    /// What it means.
    pub(in crate::web) description: String,
}

/// What a value is: words, with the shape that they lead to.
#[derive(Debug, Default)]
pub(in crate::web) struct Kind {
    /// As `integer`, `list of` or `text, or null`.
    pub(in crate::web) words: String,
    /// The name of the shape.
    pub(in crate::web) shape: Option<String>,
}

/// A row of the table of problems.
#[derive(Debug)]
pub(in crate::web) struct ProblemKind {
    /// The status of the answer.
    pub(in crate::web) status: u16,
    /// The word for programs.
    pub(in crate::web) code: &'static str,
    /// When it is answered.
    pub(in crate::web) meaning: &'static str,
    /// What to do.
    pub(in crate::web) hint: &'static str,
}

/// The page. `base` is the address of the service.
pub(in crate::web) fn page(frame: &Frame<'_>, base: &str, reference: &Reference) -> Markup {
    let body = html! {
        (introduction(base))
        nav.jump aria-label="On this page" {
            @for group in &reference.groups { a href={ "#" (anchor(&group.name)) } { (group.name) } }
            a href="#shapes" { "Shapes" }
            a href="#problems" { "Problems" }
        }
        @for group in &reference.groups { (operations(group, base)) }
        (shapes(&reference.shapes))
        (problems(&reference.problems))
    };
    let action = html! { a.button href="/api/openapi.json" { "OpenAPI document" } };
    layout::page(frame, "What can programs do?", &action, &body)
}

fn introduction(base: &str) -> Markup {
    html! {
        section.card.prose {
            h2 { "How to ask" }
            p {
                "What the pages can do, programs can do under " code { (base) "/api/v1" } ". They show a token, which an \
                 administrator makes under “Tokens” and which can do what its scope and its teams allow:"
            }
            pre tabindex="0" { code { "curl --fail-with-body -H \"Authorization: Bearer $CAIRN_TOKEN\" \\\n  " (base) "/api/v1/teams" } }
            ul {
                li { "Lists are JSON arrays, cut into pages. Where there is more, the header " code { "Link" } " leads to the next page." }
                li {
                    "What others change, too, is answered with an " code { "ETag" } ". Send it as " code { "If-Match" }
                    " with a change, so that nothing is overwritten unseen; " code { "*" } " changes whatever is there."
                }
                li { "With " code { "If-None-Match" } ", what did not change is answered with 304 and without content." }
                li { "Days are " code { "2026-11-27" } ", times are RFC 3339 in UTC, quarters are " code { "2026-Q4" } "." }
                li { "What is wrong is answered as JSON with a " a href="#problems" { "code" } ", a message and a hint." }
            }
        }
    }
}

fn operations(group: &Group, base: &str) -> Markup {
    html! {
        section.card #(anchor(&group.name)) {
            h2 { (group.name) }
            p.explain { (group.description) }
            div.operations {
                @for operation in &group.operations { (details(operation, base)) }
            }
        }
    }
}

fn details(operation: &Operation, base: &str) -> Markup {
    html! {
        details.operation #(operation.id) {
            summary {
                span class={ "method " (operation.method.to_lowercase()) } { (operation.method) }
                code.path { (operation.path) }
                span.quiet { (operation.summary) }
            }
            @if !operation.description.is_empty() { p { (operation.description) } }
            @if !operation.parameters.is_empty() {
                h3 { "Parameters" }
                (fields(&operation.parameters, true))
            }
            @if let Some(body) = &operation.body {
                h3 { "Body" }
                p {
                    @for (i, kind) in body.kinds.iter().enumerate() { @if i > 0 { ", " } code { (kind) } }
                    @if let Some(shape) = &body.shape { ": " (of_kind(shape)) }
                }
            }
            h3 { "For example" }
            pre tabindex="0" { code { (example(operation, base)) } }
            h3 { "Answers" }
            dl.clauses {
                @for answer in &operation.answers {
                    dt { code { (answer.status) } }
                    dd { (answer.description) @if let Some(shape) = &answer.shape { ": " (of_kind(shape)) } }
                }
            }
        }
    }
}

/// A call from a shell.
fn example(operation: &Operation, base: &str) -> String {
    let mut lines = vec!["curl --fail-with-body -H \"Authorization: Bearer $CAIRN_TOKEN\"".to_owned()];
    if operation.method != "GET" {
        lines.push(format!("-X {}", operation.method));
    }
    for header in operation.parameters.iter().filter(|field| field.place == "header") {
        lines.push(format!("-H '{}: *'", header.name));
    }
    if let Some(body) = &operation.body {
        let kind = body.kinds.first().map_or("application/json", String::as_str);
        lines.push(format!("-H 'Content-Type: {kind}'"));
        lines.push(match &body.example {
            Some(json) => format!("--data '{}'", json.replace('\'', "'\\''")),
            None => "--data-binary @FILE".to_owned(),
        });
    }
    lines.push(format!("'{base}{}'", operation.path));
    lines.join(" \\\n  ")
}

fn shapes(shapes: &[Shape]) -> Markup {
    html! {
        section.card #shapes {
            h2 { "Shapes" }
            p.explain { "What is sent and answered as JSON." }
            div.operations {
                @for shape in shapes {
                    details.operation #(shape_anchor(&shape.name)) {
                        summary { code.path { (shape.name) } span.quiet { (shape.description) } }
                        @if !shape.fields.is_empty() { (fields(&shape.fields, false)) }
                        @if !shape.words.is_empty() {
                            p { "One of " @for (i, word) in shape.words.iter().enumerate() { @if i > 0 { ", " } code { (word) } } "." }
                        }
                    }
                }
            }
        }
    }
}

fn fields(fields: &[Field], with_place: bool) -> Markup {
    html! {
        div.table-wrap {
            table.stack {
                thead { tr { th scope="col" { "Name" } @if with_place { th scope="col" { "In" } } th scope="col" { "Is" } th scope="col" { "Meaning" } } }
                tbody {
                    @for field in fields {
                        tr {
                            th scope="row" { code { (field.name) } @if field.optional { small.below { "optional" } } }
                            @if with_place { td data-name="In" { (field.place) } }
                            td data-name="Is" { (of_kind(&field.kind)) }
                            td data-name="Meaning" { (field.description) }
                        }
                    }
                }
            }
        }
    }
}

fn of_kind(kind: &Kind) -> Markup {
    html! {
        (kind.words)
        @if let Some(shape) = &kind.shape { " " a href={ "#" (shape_anchor(shape)) } { (shape) } }
    }
}

fn problems(problems: &[ProblemKind]) -> Markup {
    html! {
        section.card #problems {
            h2 { "Problems" }
            p.explain { "Every answer with a status of 400 or more has one of these codes. A code never changes its meaning." }
            div.table-wrap {
                table.stack {
                    thead { tr { th scope="col" { "Status" } th scope="col" { "Code" } th scope="col" { "When" } th scope="col" { "What to do" } } }
                    tbody {
                        @for problem in problems {
                            tr {
                                td data-name="Status" { (problem.status) }
                                th scope="row" { code { (problem.code) } }
                                td data-name="When" { (problem.meaning) }
                                td data-name="What to do" { (problem.hint) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where a group stands on the page.
fn anchor(name: &str) -> String {
    name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}

/// Where a shape stands on the page.
fn shape_anchor(name: &str) -> String {
    format!("shape-{}", anchor(name))
}
