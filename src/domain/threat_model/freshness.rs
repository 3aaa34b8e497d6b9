//! When a threat model is to be looked at again: after a time, or when what is modeled changed so much that it
//! has to be. Without a day on which it was right it is never fresh. That a file was read says nothing of it.

use chrono::{Days, NaiveDate};

use super::StatedDate;
use super::register::{RecordKind, Registered, ReviewRecord};
use super::words::{Basis, Criticality};
use crate::domain::digits::day;
use crate::domain::fault::FieldFault;
use crate::domain::named::{Named, expected};
use crate::domain::organization::tidy_text;

/// Whether a threat model can be relied on, on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// After how many days without a review the next one is due.
    pub interval_days: u32,
    /// The day as of which it was right, and who says so; `None`: nobody does.
    pub basis: Option<ReviewBasis>,
    /// How it stands.
    pub state: FreshnessState,
}

/// Who says as of which day a threat model was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewBasis {
    /// A review that was recorded here.
    Recorded {
        /// The day of the review.
        on: NaiveDate,
        /// Who recorded it.
        by: String,
    },
    /// A file.
    Stated(StatedDate),
}

/// How a threat model stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FreshnessState {
    /// Nobody says as of which day it was right.
    Unknown,
    /// It was looked at, and need not be again yet.
    Fresh {
        /// The last day on which that is so, unless something changes.
        until: NaiveDate,
    },
    /// It is to be looked at.
    Due {
        /// The first day on which it was due.
        since: NaiveDate,
        /// Why.
        because: DueReason,
    },
}

/// Why a threat model is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DueReason {
    /// The last review is longer ago than the interval.
    Age,
    /// What is modeled changed.
    SignificantChange {
        /// What changed.
        note: String,
        /// When.
        on: NaiveDate,
    },
}

/// After how many days the next review is due, where nothing else is chosen: a year.
pub const YEARLY: u32 = 365;
/// The same where the business depends on it: half a year.
pub const HALF_YEARLY: u32 = 180;

/// After how many days the next review is due: as chosen, or as the criticality asks for.
pub fn interval(chosen: Option<u32>, criticality: Option<Criticality>) -> u32 {
    let by_criticality = if criticality == Some(Criticality::Critical) { HALF_YEARLY } else { YEARLY };
    chosen.unwrap_or(by_criticality)
}

impl Freshness {
    /// How a threat model stands on a day. What happened after that day does not count, so that a day of the past can
    /// be asked about.
    pub fn of(registered: &Registered, today: NaiveDate) -> Self {
        let facts = &registered.latest.facts;
        let interval_days = interval(registered.interval_days, facts.criticality);
        Self::new(interval_days, facts.stated_date, &registered.records, today)
    }

    /// How a model stands that is reviewed every so many days. A review that is recorded here goes before what a file
    /// says, since somebody answers for it.
    pub fn new(interval_days: u32, stated: Option<StatedDate>, records: &[ReviewRecord], today: NaiveDate) -> Self {
        let happened = |kind| records.iter().filter(move |record| record.kind == kind && record.on <= today);
        let review = happened(RecordKind::Review).max_by_key(|record| (record.on, record.at));
        let stated = stated.filter(|stated| stated.on <= today);
        let basis = match (review, stated) {
            (Some(review), _) => Some(ReviewBasis::Recorded { on: review.on, by: review.by.clone() }),
            (None, Some(stated)) => Some(ReviewBasis::Stated(stated)),
            (None, None) => None,
        };
        let last = basis.as_ref().map(ReviewBasis::on);
        // On the day of a review, what was recorded later happened later. A file does not say when on its day.
        let is_outstanding = |change: &&ReviewRecord| match review {
            Some(review) => (change.on, change.at) > (review.on, review.at),
            None => last.is_none_or(|last| change.on >= last),
        };
        let change = happened(RecordKind::SignificantChange).filter(is_outstanding).min_by_key(|change| change.on);
        let state = state(last.map(|last| plus(last, interval_days)), change, today);
        Self { interval_days, basis, state }
    }

    /// Whether it can be relied on.
    pub fn is_fresh(&self) -> bool {
        matches!(self.state, FreshnessState::Fresh { .. })
    }
}

/// The state that follows from the last day on which a model is fresh and the first change since the review.
fn state(until: Option<NaiveDate>, change: Option<&ReviewRecord>, today: NaiveDate) -> FreshnessState {
    let aged = until.filter(|&until| until < today).map(|until| plus(until, 1));
    match (change, aged, until) {
        (Some(change), aged, _) if aged.is_none_or(|aged| change.on <= aged) => FreshnessState::Due {
            since: change.on,
            because: DueReason::SignificantChange { note: change.note.clone(), on: change.on },
        },
        (_, Some(since), _) => FreshnessState::Due { since, because: DueReason::Age },
        (_, None, Some(until)) => FreshnessState::Fresh { until },
        (_, None, None) => FreshnessState::Unknown,
    }
}

fn plus(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

impl ReviewBasis {
    /// The day.
    pub fn on(&self) -> NaiveDate {
        match self {
            Self::Recorded { on, .. } => *on,
            Self::Stated(stated) => stated.on,
        }
    }

    /// Who says it, in words that follow on the day.
    pub fn text(&self) -> String {
        match self {
            Self::Recorded { by, .. } => format!("reviewed, recorded here by {by}"),
            Self::Stated(stated) => match stated.basis {
                Basis::Reviewed => "reviewed, as the file says",
                Basis::Decided => "the last decision about a threat, as the file says",
                Basis::Released => "released, as the file says",
                Basis::Written => "written, as the file says",
            }
            .to_owned(),
        }
    }
}

impl FreshnessState {
    /// Its word in addresses and files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Fresh { .. } => "fresh",
            Self::Due { .. } => "due",
        }
    }
}

/// What somebody wants to record of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// What happened.
    pub kind: RecordKind,
    /// When.
    pub on: NaiveDate,
    /// What was looked at, or what changed.
    pub note: String,
    /// Who took part.
    pub participants: String,
}

/// A record as it comes from a form, in the words of its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordForm<'a> {
    /// `review` or `significant-change`.
    pub kind: &'a str,
    /// A day, written like 2026-11-24.
    pub on: &'a str,
    /// What was looked at, or what changed.
    pub note: &'a str,
    /// Who took part.
    pub participants: &'a str,
}

impl NewRecord {
    /// How many characters a note may have.
    pub const NOTE_LIMIT: usize = 2_000;
    /// How many characters there may be about who took part.
    pub const PARTICIPANTS_LIMIT: usize = 500;
    /// The first year of which something can be recorded: threat models of software are hardly older.
    pub const FIRST_YEAR: i32 = 2000;

    /// Reads what is to be recorded on a day, or says what is wrong with each field.
    pub fn read(form: RecordForm<'_>, today: NaiveDate) -> Result<Self, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let kind = RecordKind::from_name(form.kind);
        if kind.is_none() {
            faults.push(FieldFault::new("kind", expected::<RecordKind>(form.kind)));
        }
        let on = happened_on(form.on, today).map_err(|message| faults.push(FieldFault::new("on", message))).ok();
        let mut text = |field: &str, text: &str, limit| {
            tidy_text(text, limit).map_err(|error| faults.push(FieldFault::new(field, error))).ok()
        };
        let note = text("note", form.note, Self::NOTE_LIMIT);
        let participants = text("participants", form.participants, Self::PARTICIPANTS_LIMIT);
        if kind == Some(RecordKind::SignificantChange) && note.as_deref() == Some("") {
            faults.push(FieldFault::new("note", "say what changed, so that the review can look at it"));
        }
        match (kind, on, note, participants) {
            (Some(kind), Some(on), Some(note), Some(participants)) if faults.is_empty() => {
                Ok(Self { kind, on, note, participants })
            }
            _ => Err(faults),
        }
    }
}

/// Reads the day on which something happened.
fn happened_on(text: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    use chrono::Datelike as _;
    match day(text.trim()) {
        None => Err("write the day like 2026-11-24".to_owned()),
        Some(on) if on > today => Err(format!("it has not happened yet; the last possible day is {today}")),
        Some(on) if on.year() < NewRecord::FIRST_YEAR => {
            Err(format!("too long ago; the first possible day is {}-01-01", NewRecord::FIRST_YEAR))
        }
        Some(on) => Ok(on),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn record(kind: RecordKind, on: &str, hour: u32) -> ReviewRecord {
        let on = date(on);
        let at = on.and_hms_opt(hour, 0, 0).unwrap().and_utc();
        ReviewRecord { kind, on, note: "a new API".into(), participants: String::new(), by: "Ada".into(), at }
    }

    fn stated(on: &str) -> Option<StatedDate> {
        Some(StatedDate { on: date(on), basis: Basis::Reviewed })
    }

    fn state_of(stated: Option<StatedDate>, records: &[ReviewRecord], today: &str) -> FreshnessState {
        Freshness::new(YEARLY, stated, records, date(today)).state
    }

    fn due(since: &str) -> FreshnessState {
        FreshnessState::Due { since: date(since), because: DueReason::Age }
    }

    fn changed(on: &str) -> FreshnessState {
        let because = DueReason::SignificantChange { note: "a new API".into(), on: date(on) };
        FreshnessState::Due { since: date(on), because }
    }

    #[test]
    fn a_review_is_due_on_the_day_after_the_interval() {
        let review = [record(RecordKind::Review, "2025-01-01", 9)];
        assert_eq!(state_of(None, &review, "2026-01-01"), FreshnessState::Fresh { until: date("2026-01-01") });
        assert_eq!(state_of(None, &review, "2026-01-02"), due("2026-01-02"));
        assert_eq!(state_of(None, &review, "2026-03-01"), due("2026-01-02"));
    }

    #[test]
    fn the_interval_is_as_chosen_or_as_the_criticality_asks_for() {
        assert_eq!(interval(None, None), 365);
        assert_eq!(interval(None, Some(Criticality::High)), 365);
        assert_eq!(interval(None, Some(Criticality::Critical)), 180);
        assert_eq!(interval(Some(400), Some(Criticality::Critical)), 400);
    }

    #[test]
    fn without_a_day_it_is_unknown_and_a_day_to_come_is_none() {
        assert_eq!(state_of(None, &[], "2026-01-01"), FreshnessState::Unknown);
        assert_eq!(state_of(stated("2026-01-02"), &[], "2026-01-01"), FreshnessState::Unknown);
        let review = [record(RecordKind::Review, "2026-01-02", 9)];
        assert_eq!(state_of(None, &review, "2026-01-01"), FreshnessState::Unknown);
    }

    #[test]
    fn what_is_recorded_here_goes_before_what_a_file_says() {
        let review = [record(RecordKind::Review, "2025-06-01", 9)];
        let both = Freshness::new(YEARLY, stated("2025-07-01"), &review, date("2025-08-01"));
        assert_eq!(both.basis, Some(ReviewBasis::Recorded { on: date("2025-06-01"), by: "Ada".into() }));
        let file = Freshness::new(YEARLY, stated("2025-07-01"), &[], date("2025-08-01"));
        assert_eq!(file.basis.map(|basis| basis.text()), Some("reviewed, as the file says".into()));
    }

    #[test]
    fn a_significant_change_makes_it_due_until_the_next_review() {
        let change = record(RecordKind::SignificantChange, "2025-03-01", 12);
        let before = record(RecordKind::Review, "2025-01-01", 9);
        assert_eq!(state_of(None, &[before.clone(), change.clone()], "2025-04-01"), changed("2025-03-01"));
        assert_eq!(state_of(stated("2025-03-01"), std::slice::from_ref(&change), "2025-04-01"), changed("2025-03-01"));
        assert_eq!(state_of(None, std::slice::from_ref(&change), "2025-04-01"), changed("2025-03-01"));
        let is_fresh = |review| state_of(None, &[change.clone(), review], "2025-04-01").name() == "fresh";
        assert!(is_fresh(record(RecordKind::Review, "2025-03-02", 9)));
        assert!(is_fresh(record(RecordKind::Review, "2025-03-01", 13)), "a review after it on its day");
        assert!(!is_fresh(record(RecordKind::Review, "2025-03-01", 11)), "a review before it on its day");
        assert_eq!(state_of(None, &[before, change], "2027-01-01"), changed("2025-03-01"), "it was due before its age");
    }

    fn refused(form: RecordForm<'_>) -> Vec<String> {
        let faults = NewRecord::read(form, date("2026-01-10")).unwrap_err();
        faults.into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn what_cannot_have_happened_is_not_recorded() {
        let form = RecordForm { kind: "review", on: "2026-01-10", note: "", participants: "Ada, Ben" };
        let read = NewRecord::read(form, date("2026-01-10")).unwrap();
        assert_eq!(
            (read.kind, read.on, read.participants.as_str()),
            (RecordKind::Review, date("2026-01-10"), "Ada, Ben")
        );
        for on in ["2026-01-11", "1999-12-31", "10.01.2026", ""] {
            assert_eq!(refused(RecordForm { on, ..form }), ["on"], "{on}");
        }
        assert_eq!(refused(RecordForm { kind: "import", ..form }), ["kind"]);
        assert_eq!(refused(RecordForm { kind: "significant-change", note: " ", ..form }), ["note"]);
        assert_eq!(
            refused(RecordForm { note: &"x".repeat(2_001), participants: "\u{7}", ..form }),
            ["note", "participants"]
        );
    }

    fn records() -> impl Strategy<Value = Vec<ReviewRecord>> {
        let record = (0_u64..900, 0_u32..24, any::<bool>()).prop_map(|(days, hour, is_review)| {
            let on = date("2024-01-01").checked_add_days(Days::new(days)).unwrap();
            let kind = if is_review { RecordKind::Review } else { RecordKind::SignificantChange };
            record(kind, &on.to_string(), hour)
        });
        prop::collection::vec(record, 0..8)
    }

    proptest! {
        #[test]
        fn a_further_review_never_makes_it_less_fresh(
            mut records in records(), days in 0_u64..900, interval in 1_u32..500, with_file in any::<bool>(),
        ) {
            let today = date("2024-01-01").checked_add_days(Days::new(days)).unwrap();
            let stated = stated("2024-01-01").filter(|_| with_file);
            let before = Freshness::new(interval, stated, &records, today);
            records.push(record(RecordKind::Review, &today.to_string(), 23));
            let after = Freshness::new(interval, stated, &records, today);
            prop_assert!(after.is_fresh() || !before.is_fresh());
            prop_assert!(after.basis.is_some());
        }

        #[test]
        fn what_is_fresh_stays_so_until_its_last_day(records in records(), days in 0_u64..900, interval in 1_u32..500) {
            let today = date("2024-01-01").checked_add_days(Days::new(days)).unwrap();
            let past: Vec<ReviewRecord> = records.into_iter().filter(|record| record.on <= today).collect();
            if let FreshnessState::Fresh { until } = Freshness::new(interval, None, &past, today).state {
                prop_assert!(until >= today);
                prop_assert!(Freshness::new(interval, None, &past, until).is_fresh());
                let next = Freshness::new(interval, None, &past, plus(until, 1));
                let is_due = matches!(next.state, FreshnessState::Due { since, .. } if since == plus(until, 1));
                prop_assert!(is_due, "{:?}", next.state);
            }
        }
    }
}
