//! Changing the settings of the organization: what a person entered, whether it can be, and what it
//! would do to the scores.

use std::collections::{BTreeMap, HashMap};

use super::catalog::Level;
use super::fault::FieldFault;
use super::organization::{Name, Settings};
use super::period::Period;
use super::scale::{Percent, ProgressScale, Step};
use super::scoring::{Scored, Threshold};

/// How many recorded answers take each step, by its key; those that were changed later too, since
/// they stay in the history and have to be readable there.
pub type StepUses = BTreeMap<String, usize>;

/// What a person entered about one step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepInput {
    /// The word in files.
    pub key: String,
    /// The words on pages.
    pub name: String,
    /// What it is worth.
    pub percent: String,
}

impl StepInput {
    fn is_blank(&self) -> bool {
        self.is_unsaid() && self.key.trim().is_empty()
    }

    /// Whether it has neither a name nor a worth.
    fn is_unsaid(&self) -> bool {
        self.name.trim().is_empty() && self.percent.trim().is_empty()
    }
}

/// What a person entered about the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsInput {
    /// The fingerprint of the settings that the person saw.
    pub seen: String,
    /// The steps in any order; blank ones are left out.
    pub steps: Vec<StepInput>,
    /// The threshold in percent.
    pub threshold: String,
}

/// A step as it was entered, with the number of its row.
struct Row {
    number: usize,
    step: Step,
}

impl SettingsInput {
    /// The name of the field with the fingerprint.
    pub const SEEN: &str = "seen";

    /// The settings as a person would have entered them.
    pub fn of(settings: &Settings) -> Self {
        let input = |step: &Step| StepInput {
            key: step.key.clone(),
            name: step.name.clone(),
            percent: step.percent.to_string(),
        };
        Self {
            seen: settings.fingerprint(),
            steps: settings.scale.steps().iter().map(input).collect(),
            threshold: settings.threshold.percent().to_string(),
        }
    }

    /// The settings that were entered, or everything that is wrong with them. The fields are
    /// `key-N`, `name-N` and `percent-N` for the step in row N, `steps` and `threshold`.
    pub fn check(&self, current: &Settings, uses: &StepUses) -> Result<Settings, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let (mut rows, mut has_percentages) = (Vec::new(), true);
        for (number, entered) in (1..).zip(&self.steps).filter(|(_, entered)| !entered.is_blank()) {
            // The word of a step that answers take cannot be deleted on the page, so this is how it is left out.
            if entered.is_unsaid()
                && let Some(message) = kept_by(current, uses, &entered.key)
            {
                faults.push(fault("name", number, message));
                continue;
            }
            let name = Name::new(&entered.name).map_err(|error| faults.push(fault("name", number, error)));
            let percent = percent(&entered.percent);
            if percent.is_none() {
                has_percentages = false;
                faults.push(fault("percent", number, "a whole number from 0 to 100 is needed"));
            }
            let name = name.map_or_else(|()| format!("{number}?"), |name| name.to_string());
            let step = Step { key: entered.key.trim().to_owned(), name, percent: percent.unwrap_or_default() };
            rows.push(Row { number, step });
        }
        rows.sort_by_key(|row| row.step.percent);
        let steps: Vec<Step> = rows.iter().map(|row| row.step.clone()).collect();
        for found in ProgressScale::faults(&steps) {
            match found.place() {
                // Their order means nothing as long as one of them is not known.
                Some((_, "percent")) if !has_percentages => {}
                Some((at, field)) => faults.extend(rows.get(at).map(|row| fault(field, row.number, &found))),
                None => faults.push(FieldFault::new("steps", found)),
            }
        }
        let is_lost = |key: &str| self.steps.iter().all(|step| step.key.trim() != key);
        let lost = uses.keys().filter(|key| is_lost(key)).filter_map(|key| kept_by(current, uses, key));
        faults.extend(lost.map(|message| FieldFault::new("steps", message)));
        let threshold = percent(&self.threshold).and_then(Threshold::new);
        if threshold.is_none() {
            faults.push(FieldFault::new("threshold", "a whole number from 1 to 100 is needed"));
        }
        match (ProgressScale::new(steps), threshold) {
            (Ok(scale), Some(threshold)) if faults.is_empty() => Ok(Settings { scale, threshold }),
            _ => Err(faults),
        }
    }
}

fn fault(field: &str, row: usize, message: impl ToString) -> FieldFault {
    FieldFault::new(format!("{field}-{row}"), message)
}

/// The percentage in a text, with its sign or without.
fn percent(text: &str) -> Option<Percent> {
    let digits = text.trim().trim_end_matches('%').trim_end();
    let is_plain = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|percent| is_plain && *percent <= 100)
}

/// Why a step cannot go, if answers take it.
fn kept_by(current: &Settings, uses: &StepUses, key: &str) -> Option<String> {
    let uses = uses.get(key).filter(|uses| **uses > 0)?;
    let name = current.scale.step(key).map_or(key, |step| &step.name);
    let answers = if *uses == 1 { "answer takes" } else { "answers take" };
    Some(format!("“{name}” ({key}) stays: {uses} recorded {answers} it. It can get another name and another worth."))
}

/// The settings as they are, for somebody who may change them.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingsSeen {
    /// What applies now.
    pub settings: Settings,
    /// How many recorded answers take each step.
    pub uses: StepUses,
}

/// Where something stands: the level it has reached, and the score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// The level.
    pub level: Level,
    /// The score.
    pub score: f64,
}

impl Reached {
    /// Where a scope stands.
    pub fn of(scored: &Scored) -> Self {
        Self { level: scored.score.level, score: scored.score.score }
    }
}

/// What a change of the settings does to one score.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect<T> {
    /// To which.
    pub of: T,
    /// As it is now.
    pub before: Reached,
    /// As it would be.
    pub after: Reached,
}

/// What a change of the settings would do.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingsPreview {
    /// What applies now.
    pub current: Settings,
    /// What was entered.
    pub wanted: Settings,
    /// How many recorded answers take each step.
    pub uses: StepUses,
    /// The organization in each quarter, latest first; empty while nothing is submitted.
    pub quarters: Vec<Effect<Period>>,
    /// Its dimensions in the latest quarter.
    pub dimensions: Vec<Effect<String>>,
}

/// A step before and after a change of the scale; `None` where it is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepChange<'a> {
    /// As it is.
    pub before: Option<&'a Step>,
    /// As it would be.
    pub after: Option<&'a Step>,
}

impl<'a> StepChange<'a> {
    /// The step itself: as it would be, or as it is when it would go.
    pub fn step(&self) -> Option<&'a Step> {
        self.after.or(self.before)
    }
}

impl SettingsPreview {
    /// Whether anything would be different afterwards.
    pub fn changes_something(&self) -> bool {
        self.current != self.wanted
    }

    /// Every step that there is before or after, by what it is worth.
    pub fn steps(&self) -> Vec<StepChange<'_>> {
        let mut before: HashMap<&str, &Step> =
            self.current.scale.steps().iter().map(|step| (step.key.as_str(), step)).collect();
        let wanted = self.wanted.scale.steps().iter();
        let mut all: Vec<StepChange<'_>> =
            wanted.map(|step| StepChange { before: before.remove(step.key.as_str()), after: Some(step) }).collect();
        let gone = self.current.scale.steps().iter().filter(|step| before.contains_key(step.key.as_str()));
        all.extend(gone.map(|step| StepChange { before: Some(step), after: None }));
        all.sort_by_key(|change| change.step().map(|step| step.percent));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(steps: &[(&str, &str, &str)], threshold: &str) -> SettingsInput {
        let step = |&(key, name, percent): &(&str, &str, &str)| StepInput {
            key: key.into(),
            name: name.into(),
            percent: percent.into(),
        };
        SettingsInput { seen: String::new(), steps: steps.iter().map(step).collect(), threshold: threshold.into() }
    }

    fn fields(input: &SettingsInput, uses: &StepUses) -> Vec<String> {
        let faults = input.check(&Settings::default(), uses).err().unwrap_or_default();
        faults.into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn what_is_set_can_be_entered_again() {
        let settings = Settings::default();
        let uses = StepUses::from([("started".to_owned(), 3)]);
        assert_eq!(SettingsInput::of(&settings).check(&settings, &uses), Ok(settings));
    }

    #[test]
    fn steps_are_ordered_by_what_they_are_worth() {
        let entered =
            input(&[("yes", "Yes", "100"), ("", " ", ""), ("no", "No", " 0 %"), ("half", " Half  way ", "50")], "80 %");
        let checked = entered.check(&Settings::default(), &StepUses::new()).unwrap();
        let steps: Vec<_> = checked.scale.steps().iter().map(|s| (s.name.as_str(), s.percent)).collect();
        assert_eq!(steps, [("No", 0), ("Half way", 50), ("Yes", 100)]);
        assert_eq!(checked.threshold.percent(), 80);
    }

    #[test]
    fn every_fault_is_at_its_field() {
        let none = StepUses::new();
        let faulty = input(&[("No", "No", "0"), ("", "", ""), ("half", "", "many"), ("yes", "Yes", "100")], "0");
        assert_eq!(fields(&faulty, &none), ["name-3", "percent-3", "key-1", "threshold"]);
        let unordered = input(&[("yes", "Yes", "99"), ("a", "A", "50"), ("b", "a", "50"), ("c", "C", "1")], "");
        assert_eq!(
            fields(&unordered, &none),
            ["percent-4", "percent-1", "percent-3", "name-3", "threshold"],
            "the rows are those of the form, whatever the order of the steps"
        );
        for wrong in ["-1", "101", "1e1", "+5", "20,5", "", "0020", "٥"] {
            assert_eq!(fields(&input(&[("no", "No", "0"), ("yes", "Yes", "100")], wrong), &none), ["threshold"]);
        }
        assert_eq!(fields(&input(&[], "100"), &none), ["steps"]);
    }

    #[test]
    fn a_step_that_answers_take_stays() {
        let two = input(&[("no", "No", "0"), ("fully_implemented", "Done", "100")], "100");
        let uses = StepUses::from([
            ("started".to_owned(), 1),
            ("fully_implemented".to_owned(), 7),
            ("partly_implemented".to_owned(), 0),
        ]);
        let faults = two.check(&Settings::default(), &uses).unwrap_err();
        assert_eq!(faults.len(), 1);
        let (field, message) = (&faults[0].field, &faults[0].message);
        assert_eq!(field, "steps");
        assert!(message.starts_with("“Started” (started) stays: 1 recorded answer takes it."), "{message}");

        let emptied = input(&[("no", "No", "0"), ("fully_implemented", "", ""), ("started", "Done", "100")], "100");
        let faults = emptied.check(&Settings::default(), &uses).unwrap_err();
        let places: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(places, ["name-2"], "{faults:?}");
    }
}
