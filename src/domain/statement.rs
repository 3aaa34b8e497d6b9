//! What can be said about the clauses of another standard: which activities serve each, what the teams answered,
//! and what evidence there is.
//!
//! Statements are bounded: teams are named where they are few and counted where they are many.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::answer::{AssessmentId, Mark, RecordedAnswer};
use super::catalog::ActivityIndex;
use super::evidence::{Evidence, EvidenceId, EvidenceState};
use super::mapping::{self, Clause, Standard};
use super::named::Named;
use super::organization::TeamId;
use super::standing::{Overview, Standing};

/// Some teams: how many, and the names where they are few.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Teams {
    /// How many.
    pub count: usize,
    /// The names of all of them, in their order; empty where they are more than [`Teams::NAMED`].
    pub named: Vec<String>,
}

impl Teams {
    /// Up to how many are named.
    pub const NAMED: usize = 6;

    pub(super) fn add(&mut self, name: &str) {
        self.count += 1;
        if self.count > Self::NAMED {
            self.named = Vec::new();
        } else {
            self.named.push(name.to_owned());
        }
    }
}

/// The clauses of a standard, and what they rest on.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The standard.
    pub standard: Standard,
    /// The day as of which evidence is judged.
    pub day: NaiveDate,
    /// Its clauses that the catalog refers to, in their natural order.
    pub statements: Vec<Statement>,
    /// The activities that serve any of them.
    pub findings: BTreeMap<ActivityIndex, Finding>,
    /// Whether the notes of the teams are among them: those of many teams are left out.
    pub has_notes: bool,
}

/// What can be said about one clause. Each activity that serves it is in exactly one of the lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The clause with the activities that serve it.
    pub clause: Clause,
    /// Those that every team to which they apply has fully implemented.
    pub full: Vec<ActivityIndex>,
    /// Those that all such teams answered, and not all have fully implemented.
    pub open: Vec<ActivityIndex>,
    /// Those that not all such teams answered.
    pub unanswered: Vec<ActivityIndex>,
    /// Those that apply to no team.
    pub not_applicable: Vec<ActivityIndex>,
    /// How many activities have valid evidence from every team that says it does something of them.
    pub supported: usize,
    /// How many have it from some of these teams only.
    pub partly_supported: usize,
}

/// What can be concluded about a clause from the activities that serve it, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conclusion {
    /// Nothing: none of them applies.
    Nothing,
    /// That some are missing, or are not answered.
    Incomplete,
    /// That the teams say all of them are in place, but not that there is evidence for each.
    Claimed,
    /// That the teams say so, and that there is valid evidence for each.
    Supported,
}

impl Named for Conclusion {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("nothing", Self::Nothing),
        ("incomplete", Self::Incomplete),
        ("claimed", Self::Claimed),
        ("supported", Self::Supported),
    ];
}

impl Statement {
    /// How many of the activities apply to any team.
    pub fn applicable(&self) -> usize {
        self.full.len() + self.open.len() + self.unanswered.len()
    }

    /// What can be concluded, at most.
    pub fn conclusion(&self) -> Conclusion {
        match self.applicable() {
            0 => Conclusion::Nothing,
            all if self.full.len() < all => Conclusion::Incomplete,
            all if self.supported < all => Conclusion::Claimed,
            _ => Conclusion::Supported,
        }
    }
}

/// What is known of an activity.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Finding {
    /// What the teams answered, what is worth most first, then not applicable and unanswered.
    pub answers: Vec<(Mark, Teams)>,
    /// How many teams say that they do something of it.
    pub claiming: usize,
    /// How many of these have valid evidence.
    pub supported: usize,
    /// The evidence, what is valid first and then the latest; at most [`Finding::PIECES`].
    pub evidence: Vec<Piece>,
    /// How many other pieces there are.
    pub more_evidence: usize,
    /// How many pieces were withdrawn, and count for nothing.
    pub withdrawn: usize,
    /// What the teams noted, in the order of their names.
    pub remarks: Vec<Remark>,
}

impl Finding {
    /// How many pieces of evidence are told of one activity.
    pub const PIECES: usize = 8;
    /// Up to how many teams their notes are told.
    pub const NOTES: usize = 6;

    /// Whether it applies to any team.
    pub fn applies(&self) -> bool {
        self.answers.iter().any(|(mark, _)| *mark != Mark::NotApplicable)
    }

    /// How many teams gave answers of a kind.
    pub fn teams(&self, of: impl Fn(Mark) -> bool) -> usize {
        self.answers.iter().filter(|(mark, _)| of(*mark)).map(|(_, teams)| teams.count).sum()
    }

    /// Whether every team to which it applies has fully implemented it, and it applies to any.
    pub fn is_full(&self) -> bool {
        self.applies() && self.teams(|mark| !matches!(mark, Mark::Worth(100) | Mark::NotApplicable)) == 0
    }
}

/// A piece of evidence, as far as it is for the teams of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its number.
    pub id: EvidenceId,
    /// What it is.
    pub title: String,
    /// Where it is; empty where it is a text.
    pub link: String,
    /// The day on which it was true.
    pub recorded_on: NaiveDate,
    /// The first day on which it is not valid any more; `None`: it stays valid.
    pub expires_on: Option<NaiveDate>,
    /// Who looked at it; may be empty.
    pub reviewer: String,
    /// What it is worth on the day of the report.
    pub state: EvidenceState,
    /// For which teams of the scope it is.
    pub teams: Teams,
}

/// What a team added to its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The name of the team.
    pub team: String,
    /// Its note; may be empty.
    pub note: String,
    /// The team whose answer it took over.
    pub inherited_from: Option<TeamId>,
}

impl Mapping {
    /// What the clauses of a standard rest on in a scope on a day. `evidence` is that for its teams; `answers`
    /// are those of the assessments that the teams stand on, or empty where they are many.
    pub fn new(
        overview: &Overview,
        standard: Standard,
        evidence: &[Evidence],
        answers: &HashMap<AssessmentId, Vec<RecordedAnswer>>,
        day: NaiveDate,
    ) -> Self {
        let catalog = &overview.catalog;
        let clauses = mapping::clauses(catalog, &overview.measures, standard);
        let serving: BTreeSet<ActivityIndex> = clauses.iter().flat_map(|clause| &clause.activities).copied().collect();
        let mut findings: BTreeMap<ActivityIndex, Finding> =
            serving.iter().map(|&index| (index, answered(overview, index))).collect();
        add_evidence(&mut findings, overview, evidence, day);
        add_remarks(&mut findings, overview, answers);
        let statements = clauses.into_iter().map(|clause| statement(clause, &findings)).collect();
        Self { standard, day, statements, findings, has_notes: !answers.is_empty() }
    }
}

fn answered(overview: &Overview, index: ActivityIndex) -> Finding {
    // By what people read first: what is worth most, then what does not count.
    let place = |mark: Mark| match mark {
        Mark::Worth(percent) => 100 - i16::from(percent),
        Mark::NotApplicable => 101,
        Mark::Unanswered => 102,
    };
    let mut answers: BTreeMap<i16, (Mark, Teams)> = BTreeMap::new();
    let mut claiming = 0;
    for standing in &overview.standings {
        let mark = standing.sheet.mark(index);
        claiming += usize::from(mark.is_claim());
        answers.entry(place(mark)).or_insert((mark, Teams::default())).1.add(&standing.team_name);
    }
    Finding { answers: answers.into_values().collect(), claiming, ..Finding::default() }
}

fn add_evidence(
    findings: &mut BTreeMap<ActivityIndex, Finding>,
    overview: &Overview,
    evidence: &[Evidence],
    day: NaiveDate,
) {
    let catalog = &overview.catalog;
    let standings: HashMap<TeamId, &Standing> =
        overview.standings.iter().map(|standing| (standing.team, standing)).collect();
    let mut supporting: HashMap<ActivityIndex, HashSet<TeamId>> = HashMap::new();
    let mut latest_first: Vec<&Evidence> = evidence.iter().filter(|piece| piece.content.recorded_on <= day).collect();
    latest_first.sort_by_key(|piece| {
        (piece.state_on(day), std::cmp::Reverse(piece.content.recorded_on), std::cmp::Reverse(piece.id))
    });
    for piece in latest_first {
        let of_scope: Vec<&&Standing> = piece.content.teams.iter().filter_map(|team| standings.get(team)).collect();
        if of_scope.is_empty() {
            continue;
        }
        let mut of_scope_by_name: Vec<&str> = of_scope.iter().map(|standing| standing.team_name.as_str()).collect();
        of_scope_by_name.sort_unstable();
        for id in &piece.content.activities {
            let Some(index) = catalog.find(id) else { continue };
            let Some(finding) = findings.get_mut(&index) else { continue };
            if piece.withdrawn.is_some() {
                finding.withdrawn += 1;
                continue;
            }
            if piece.holds_on(day) {
                let claiming = of_scope.iter().filter(|standing| standing.sheet.mark(index).is_claim());
                supporting.entry(index).or_default().extend(claiming.map(|standing| standing.team));
            }
            if finding.evidence.len() == Finding::PIECES {
                finding.more_evidence += 1;
            } else {
                finding.evidence.push(told(piece, &of_scope_by_name, day));
            }
        }
    }
    for (index, teams) in supporting {
        if let Some(finding) = findings.get_mut(&index) {
            finding.supported = teams.len();
        }
    }
}

fn told(piece: &Evidence, teams: &[&str], day: NaiveDate) -> Piece {
    let content = &piece.content;
    let mut of_scope = Teams::default();
    teams.iter().for_each(|name| of_scope.add(name));
    Piece {
        id: piece.id,
        title: content.title.clone(),
        link: content.link.clone(),
        recorded_on: content.recorded_on,
        expires_on: content.expires_on,
        reviewer: content.reviewer.clone(),
        state: piece.state_on(day),
        teams: of_scope,
    }
}

fn add_remarks(
    findings: &mut BTreeMap<ActivityIndex, Finding>,
    overview: &Overview,
    answers: &HashMap<AssessmentId, Vec<RecordedAnswer>>,
) {
    for standing in &overview.standings {
        for recorded in answers.get(&standing.assessment).into_iter().flatten() {
            let answer = &recorded.answer;
            let finding = overview.catalog.find(&recorded.activity).and_then(|index| findings.get_mut(&index));
            if let Some(finding) = finding.filter(|_| !answer.note.is_empty() || answer.inherited_from.is_some()) {
                let (team, note) = (standing.team_name.clone(), answer.note.clone());
                finding.remarks.push(Remark { team, note, inherited_from: answer.inherited_from });
            }
        }
    }
}

fn statement(clause: Clause, findings: &BTreeMap<ActivityIndex, Finding>) -> Statement {
    let mut statement = Statement {
        full: Vec::new(),
        open: Vec::new(),
        unanswered: Vec::new(),
        not_applicable: Vec::new(),
        supported: 0,
        partly_supported: 0,
        clause,
    };
    for &index in &statement.clause.activities {
        let Some(finding) = findings.get(&index) else { continue };
        let list = match finding {
            _ if !finding.applies() => &mut statement.not_applicable,
            _ if finding.is_full() => &mut statement.full,
            _ if finding.teams(|mark| mark == Mark::Unanswered) > 0 => &mut statement.unanswered,
            _ => &mut statement.open,
        };
        list.push(index);
        statement.supported += usize::from(finding.claiming > 0 && finding.supported == finding.claiming);
        statement.partly_supported += usize::from((1..finding.claiming).contains(&finding.supported));
    }
    statement
}
