//! An answer of the service, and the forms on it.

use std::cell::OnceCell;

use scraper::{ElementRef, Html, Selector};
use ureq::http::HeaderMap;

/// What came back.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    html: OnceCell<Html>,
}

impl Page {
    pub(super) fn new(status: u16, headers: HeaderMap, body: Vec<u8>) -> Self {
        Self { status, headers, body, html: OnceCell::new() }
    }

    /// The same page, if it has this status.
    pub(crate) fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.words("main"));
        self
    }

    /// A header as text; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a page leads on to.
    pub(crate) fn location(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.words("main"));
        self.header("location").to_owned()
    }

    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The body as a document.
    pub(crate) fn html(&self) -> &Html {
        self.html.get_or_init(|| Html::parse_document(self.text()))
    }

    /// The elements that a selector finds.
    pub(crate) fn select(&self, css: &str) -> Vec<ElementRef<'_>> {
        self.html().select(&Selector::parse(css).unwrap()).collect()
    }

    /// The texts of the elements that a selector finds, with single spaces.
    pub(crate) fn texts(&self, css: &str) -> Vec<String> {
        self.select(css).into_iter().map(words).collect()
    }

    /// All that the elements say which a selector finds.
    pub(crate) fn words(&self, css: &str) -> String {
        self.texts(css).join(" ")
    }

    /// An attribute of the elements that a selector finds and that have it.
    pub(crate) fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        self.select(css).iter().filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }

    /// The cells of the table row whose head says this, the head first.
    pub(crate) fn row(&self, head: &str) -> Vec<String> {
        let cells = Selector::parse("th, td").unwrap();
        let rows = self.select("tbody tr").into_iter().map(|row| row.select(&cells).map(words).collect::<Vec<_>>());
        rows.into_iter().find(|row| row[0] == head).unwrap_or_else(|| panic!("no row {head}"))
    }

    /// The ids of the activities that a part of an assessment asks for, in the order of the page.
    pub(crate) fn asked(&self, part: &str) -> Vec<String> {
        let names = self.attributes(&format!("{part} fieldset.question input[type=hidden]"), "name");
        let id = |name: &String| name.strip_prefix("seen[")?.strip_suffix(']').map(str::to_owned);
        names.iter().map(|name| id(name).unwrap()).collect()
    }

    /// The one form that a selector finds, filled in as it was sent.
    pub(crate) fn form(&self, css: &str) -> Form {
        let found = self.select(css);
        assert_eq!(found.len(), 1, "{css} is one form on this page: {}", self.words("main"));
        Form::read(found[0])
    }
}

/// What an element says, with single spaces, also between what stands in different elements.
fn words(element: ElementRef<'_>) -> String {
    element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// A form as a browser holds it.
#[derive(Clone)]
pub(crate) struct Form {
    pub(super) action: String,
    pub(super) method: String,
    /// What would be sent, in the order of the page.
    pub(crate) fields: Vec<(String, String)>,
    /// Choices that are offered, taken or not.
    offered: Vec<(String, String)>,
}

impl Form {
    fn read(form: ElementRef<'_>) -> Self {
        let mut read = Self {
            action: form.attr("action").unwrap().to_owned(),
            method: form.attr("method").unwrap_or("get").to_owned(),
            fields: Vec::new(),
            offered: Vec::new(),
        };
        for control in form.select(&Selector::parse("input, textarea, select").unwrap()) {
            let Some(name) = control.attr("name").map(str::to_owned) else { continue };
            let value = || control.attr("value").unwrap_or_default().to_owned();
            match (control.value().name(), control.attr("type")) {
                ("input", Some("radio" | "checkbox")) => {
                    if control.attr("checked").is_some() {
                        read.fields.push((name.clone(), value()));
                    }
                    read.offered.push((name, value()));
                }
                ("input", _) => read.fields.push((name, value())),
                ("textarea", _) => read.fields.push((name, control.text().collect::<String>().replace('\n', "\r\n"))),
                _ => {
                    let options: Vec<_> = control.select(&Selector::parse("option").unwrap()).collect();
                    let value =
                        |option: &ElementRef<'_>| option.attr("value").map_or_else(|| words(*option), Into::into);
                    let chosen = options.iter().find(|option| option.attr("selected").is_some()).or(options.first());
                    read.fields.extend(chosen.map(|option| (name.clone(), value(option))));
                    read.offered.extend(options.iter().map(|option| (name.clone(), value(option))));
                }
            }
        }
        read
    }

    /// What a field holds.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// What a person says with it: all but the state in which they saw what they change.
    pub(crate) fn said(&self) -> Vec<(&str, &str)> {
        let said = self.fields.iter().filter(|(field, _)| field != "seen");
        said.map(|(field, value)| (field.as_str(), value.as_str())).collect()
    }

    /// Writes into a field that is there.
    pub(crate) fn fill(&mut self, name: &str, text: &str) {
        let field = self.fields.iter_mut().find(|(field, _)| field == name);
        text.clone_into(&mut field.unwrap_or_else(|| panic!("no field {name}")).1);
    }

    /// Takes one of the choices that are offered.
    pub(crate) fn choose(&mut self, name: &str, choice: &str) {
        let offered = self.offered.iter().any(|(field, value)| field == name && value == choice);
        assert!(offered, "{choice} is not offered for {name}");
        match self.fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, value)) => choice.clone_into(value),
            None => self.fields.push((name.to_owned(), choice.to_owned())),
        }
    }

    /// Presses a button that has a name.
    pub(crate) fn press(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
    }
}
