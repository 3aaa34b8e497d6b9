//! The fields of the forms of threat models: each with its name, what was entered, and what is wrong with it.

use maud::{Markup, html};

use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::threat_model::entry::Fields;
use crate::domain::threat_model::{PartId, ThreatModel};
use crate::web::views::components::{described_by, field_faults};

/// A form: what was entered, and what is wrong with it.
#[derive(Clone, Copy)]
pub(super) struct Form<'a> {
    pub(super) fields: &'a Fields,
    pub(super) faults: &'a [FieldFault],
}

/// Something that can be chosen: its id, and what it is called.
pub(super) type Choice = (String, String);

impl Form<'_> {
    fn described_by(&self, field: &str) -> Option<String> {
        described_by(self.faults, field)
    }

    fn invalid(&self, field: &str) -> Option<&'static str> {
        self.described_by(field).map(|_| "true")
    }

    fn labelled(&self, field: &str, name: &str, hint: &str, control: &Markup) -> Markup {
        html! {
            label {
                span { (name) @if !hint.is_empty() { " " small { (hint) } } }
                (control)
            }
            (field_faults(self.faults, field))
        }
    }

    /// A text on one line.
    pub(super) fn line(&self, field: &str, name: &str, hint: &str, is_needed: bool) -> Markup {
        let control = html! {
            input type="text" name=(field) value=(self.fields.text(field)) required[is_needed] maxlength=(ThreatModel::NAME_LIMIT) autocomplete="off" aria-invalid=[self.invalid(field)] aria-describedby=[self.described_by(field)];
        };
        self.labelled(field, name, hint, &control)
    }

    /// A text on several lines.
    pub(super) fn area(&self, field: &str, name: &str, hint: &str, rows: u32) -> Markup {
        let control = html! {
            textarea name=(field) rows=(rows) maxlength=(ThreatModel::TEXT_LIMIT) aria-invalid=[self.invalid(field)] aria-describedby=[self.described_by(field)] { (self.fields.text(field)) }
        };
        self.labelled(field, name, hint, &control)
    }

    /// A whole number.
    pub(super) fn number(&self, field: &str, name: &str, hint: &str, least: u32, most: u32) -> Markup {
        let control = html! {
            input.short type="number" name=(field) value=(self.fields.text(field)) min=(least) max=(most) step="1" aria-invalid=[self.invalid(field)] aria-describedby=[self.described_by(field)];
        };
        self.labelled(field, name, hint, &control)
    }

    /// A day.
    pub(super) fn day(&self, field: &str, name: &str, hint: &str, latest: &str) -> Markup {
        let control = html! {
            input type="date" name=(field) value=(self.fields.text(field)) max=(latest) aria-invalid=[self.invalid(field)] aria-describedby=[self.described_by(field)];
        };
        self.labelled(field, name, hint, &control)
    }

    /// One of some things. `none`: what is said where none is chosen; without it, one must be.
    pub(super) fn select(&self, field: &str, name: &str, hint: &str, none: Option<&str>, choices: &[Choice]) -> Markup {
        let chosen = self.fields.text(field);
        let control = html! {
            select name=(field) aria-invalid=[self.invalid(field)] aria-describedby=[self.described_by(field)] {
                @if let Some(none) = none { option value="" { (none) } }
                @for (value, title) in choices { option value=(value) selected[value == chosen] { (title) } }
            }
        };
        self.labelled(field, name, hint, &control)
    }

    /// One of the words of a vocabulary.
    pub(super) fn word<T: Named>(&self, field: &str, name: &str, hint: &str, none: Option<&str>) -> Markup {
        self.select(field, name, hint, none, &words::<T>())
    }

    /// Yes, no, or not known.
    pub(super) fn yes_or_no(&self, field: &str, name: &str) -> Markup {
        let choices = [("yes".to_owned(), "Yes".to_owned()), ("no".to_owned(), "No".to_owned())];
        self.select(field, name, "", Some("Not known"), &choices)
    }

    /// Something that is so or not.
    pub(super) fn check(&self, field: &str, name: &str) -> Markup {
        html! {
            label { input type="checkbox" name=(field) value="yes" checked[!self.fields.text(field).is_empty()]; span { (name) } }
        }
    }

    /// Any number of things. Those that are chosen stand first, so that a long list need not be searched for them.
    pub(super) fn checks(&self, field: &str, name: &str, empty: &str, choices: &[Choice]) -> Markup {
        const LONG: usize = 12;
        let (chosen, others): (Vec<&Choice>, Vec<&Choice>) =
            choices.iter().partition(|(value, _)| self.fields.has(field, value));
        let is_long = choices.len() > LONG;
        let one = |(value, title): &Choice, is_chosen: bool| {
            html! { label { input type="checkbox" name=(field) value=(value) checked[is_chosen]; span { (title) } } }
        };
        html! {
            fieldset.checks aria-describedby=[self.described_by(field)] {
                legend { (name) }
                @if choices.is_empty() { p.quiet { (empty) } }
                @for choice in &chosen { (one(choice, true)) }
                @if is_long && !others.is_empty() {
                    details { summary { (others.len()) " to choose from" } div.choice-columns { @for choice in &others { (one(choice, false)) } } }
                } @else {
                    @for choice in &others { (one(choice, false)) }
                }
            }
            (field_faults(self.faults, field))
        }
    }
}

/// The words of a vocabulary as people read them.
pub(super) fn words<T: Named>() -> Vec<Choice> {
    T::NAMED.iter().map(|(word, _)| ((*word).to_owned(), readable(word))).collect()
}

/// A word of a vocabulary as people read it.
pub(in crate::web::views) fn readable(word: &str) -> String {
    let text = word.replace(['-', '_'], " ");
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The choice of a part.
pub(super) fn choice(id: &PartId, title: impl Into<String>) -> Choice {
    (id.0.clone(), title.into())
}
