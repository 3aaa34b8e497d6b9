//! “What can be done by when?”: a plan that is being made, what it decides and what follows from it.

use maud::{Markup, html};

use super::components::{Wrong, count, described_by, field_faults, nothing_yet};
use super::layout::{self, Frame, address};
use super::plan_calendar::{Calendar, calendar};
use super::plan_course::course;
use super::plan_dates::{Dates, dates};
use super::plans::plan_address;
use super::roadmap::work;
use crate::charts::Projected;
use crate::domain::catalog::{Catalog, MAX_LEVEL};
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::period::Period;
use crate::domain::plan::calendar::PlannedQuarter;
use crate::domain::plan::entry::{CourseWord, DecisionEntry, PlanEntry};
use crate::domain::plan::seen::{Draft, MadePlan};
use crate::domain::plan::{Plan, Points};
use crate::domain::roadmap::{Roadmap, StageNumber};
use crate::domain::view::{Seen, View};

/// How many rows stand empty below those that are filled.
const BLANK_ROWS: usize = 3;
/// From how many quarters the first can be chosen, and the date of a stage.
const STARTS: usize = 8;
const WISHES: usize = 28;

/// The page. `more` is what is wrong beside what the draft itself finds.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<Draft>, more: &Wrong) -> Markup {
    let Seen { view, catalog, roadmap, content, .. } = seen;
    let kept = content.as_ref().and_then(|draft| draft.kept.as_ref());
    let question = match kept {
        Some(plan) => format!("{}: what can be done by when?", plan.name),
        None => "What can be done by when?".to_owned(),
    };
    let body = html! {
        @match content {
            None => { (layout::picker(frame, view, &html! {})) (nothing_yet(view)) }
            Some(draft) => {
                @if draft.kept.is_none() { (layout::picker(frame, view, &html! {})) }
                @let quarters = draft.made.as_ref().map(|made| made.plan.calendar(&made.input)).unwrap_or_default();
                (outcome(frame, draft, &quarters, catalog, more))
                (form(frame, view, draft, catalog, roadmap, &more.faults))
                @if let Ok(made) = &draft.made { (quarters_of(frame, made, &quarters, catalog)) }
            }
        }
    };
    let action =
        html! { @if let Some(plan) = kept { a.button.quiet href=(plan_address(plan.id)) { "Back to the plan" } } };
    layout::page(frame, &question, &action, &body)
}

/// What follows, or what is wrong.
fn outcome(
    frame: &Frame<'_>,
    draft: &Draft,
    quarters: &[PlannedQuarter<'_>],
    catalog: &Catalog,
    more: &Wrong,
) -> Markup {
    let own = draft.made.as_ref().err().into_iter().flatten();
    html! {
        (Wrong { faults: own.chain(&more.faults).cloned().collect(), refused: more.refused.clone() }.notice())
        @if let Ok(made) = &draft.made { (follows(frame, draft, made, quarters, catalog)) }
    }
}

fn follows(
    frame: &Frame<'_>,
    draft: &Draft,
    made: &MadePlan,
    quarters: &[PlannedQuarter<'_>],
    catalog: &Catalog,
) -> Markup {
    html! {
        section.card #outcome {
            h2 { "What follows" }
            @if made.plan.end().is_none() {
                p.lead { "Nothing is left to do in any stage." }
            } @else {
                p.explain { "Nothing is kept yet." }
                (spans(&made.plan, &made.roadmap))
                (dates(Dates { made, catalog, selection: frame.selection }))
                (work(quarters, &made.roadmap))
                h3 { "Where it leads" }
                p.explain { "The scores of " (made.overview.scope.name) " if everything is done as planned, from where it stands now." }
                (leads_to(draft, made))
            }
        }
        @if let (Some(plan), true) = (&draft.kept, made.plan.end().is_some()) {
            p.quiet { "Saved, this becomes version " (plan.versions + 1) " of the plan; version " (plan.versions) " stays to be compared with." }
        }
    }
}

/// The projected scores of what was entered, beside those of the version that is kept.
fn leads_to(draft: &Draft, made: &MadePlan) -> Markup {
    let before = draft.kept.as_ref().zip(draft.course_before.as_ref());
    let name = before.map(|(plan, _)| format!("version {}", plan.versions)).unwrap_or_default();
    let kept = before.map(|(_, trend)| Projected { name: &name, trend });
    let plans: Vec<Projected<'_>> =
        std::iter::once(Projected { name: "as entered", trend: &made.course }).chain(kept).collect();
    course(&plans, &made.roadmap, None)
}

/// What is done when, below what is decided.
fn quarters_of(frame: &Frame<'_>, made: &MadePlan, quarters: &[PlannedQuarter<'_>], catalog: &Catalog) -> Markup {
    html! {
        @if made.plan.end().is_some() {
            section.card {
                h2 { "Quarter by quarter" }
                p.explain {
                    "Inside a stage the practices come in the order that brings the most usefulness early, each after what it needs; "
                    "work that does not fit into a quarter goes on in the next."
                }
                (calendar(Calendar {
                    plan: &made.plan,
                    quarters,
                    catalog,
                    roadmap: &made.roadmap,
                    selection: frame.selection,
                    from: made.plan.start,
                    here: None,
                    kept: None,
                    beside: None,
                }))
            }
        }
    }
}

/// When each stage is worked on and finished, beside the date that is wished.
pub(super) fn spans(plan: &Plan, roadmap: &Roadmap) -> Markup {
    let practices = |number: StageNumber| plan.items().filter(|(_, item)| item.stage == number).count();
    let points = |number: StageNumber| {
        plan.items().filter(|(_, item)| item.stage == number).map(|(_, item)| item.effort).sum::<Points>()
    };
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Stage" }
                        th.num scope="col" { "Practices left" }
                        th.num scope="col" { "Points" }
                        th scope="col" { "From" }
                        th scope="col" { "Finished" }
                        th scope="col" { "Wished" }
                    }
                }
                tbody {
                    @for (number, stage) in (1..).map(StageNumber).zip(roadmap.stages()) {
                        @let span = plan.span(number);
                        tr {
                            th scope="row" { (number.0) ". " (stage.name) }
                            td.num data-name="Practices left" { (practices(number)) }
                            td.num data-name="Points" { (points(number)) }
                            td data-name="From" { @match span { Some((from, _)) => (from), None => span.quiet { "nothing left" } } }
                            td data-name="Finished" { @if let Some((_, until)) = span { (until) } }
                            td data-name="Wished" { (wished(stage.wished, span.map(|(_, until)| until))) }
                        }
                    }
                }
            }
        }
    }
}

/// A wished date, and whether it is met.
fn wished(wished: Option<Period>, until: Option<Period>) -> Markup {
    html! {
        @match wished {
            None => span.quiet { "no date" },
            Some(date) => {
                (date) " "
                @match until {
                    Some(until) if until > date => span.state.late { (count(until.quarters_after(date) as usize, "quarter", "quarters")) " late" },
                    _ => span.state.submitted { "in time" },
                }
            }
        }
    }
}

/// Everything that can be decided.
fn form(
    frame: &Frame<'_>,
    view: &View,
    draft: &Draft,
    catalog: &Catalog,
    roadmap: &Roadmap,
    more: &[FieldFault],
) -> Markup {
    let entry = &draft.entry;
    let may_save = frame.may_plan(draft.kept.as_ref().map_or(view.scope.id, |plan| plan.scope), &view.teams);
    let faults: Vec<FieldFault> = draft.made.as_ref().err().into_iter().flatten().chain(more).cloned().collect();
    let action = match &draft.kept {
        Some(plan) => format!("{}/edit", plan_address(plan.id)),
        None => address("/roadmap/plans/new", view.selection),
    };
    html! {
        section.card {
            h2 { "What is decided" }
            form.plan-form method="post" action=(action) {
                input type="hidden" name=(PlanEntry::SEEN) value=(entry.seen);
                (capacity(draft, &faults))
                (stages(draft, catalog, roadmap, &faults))
                (decisions(draft, catalog, view, &faults))
                @if may_save {
                    label {
                        span { "Name of the plan" }
                        (text("name", &entry.name, "100", &faults))
                    }
                    (field_faults(&faults, "name"))
                }
                div.card-foot {
                    button.quiet name="do" value="preview" { "Show what follows" }
                    @if may_save { button name="do" value="save" { "Save the plan" } }
                }
            }
        }
    }
}

fn capacity(draft: &Draft, faults: &[FieldFault]) -> Markup {
    let entry = &draft.entry;
    let starts = quarters(draft.present, STARTS, &entry.start);
    html! {
        h3.form-part { "When and how much" }
        p.explain {
            "Work is counted in points. The effort of an activity is the sum of what the model says about the knowledge, time and resources "
            "that it takes, 1 to 5 each: 3 to 15 points, " (format!("{:.1}", draft.mean_effort)) " on average. What is begun counts for what is left of it. "
            @match draft.estimates.median {
                Some(median) => { "Judged by the past quarters, a team of this scope does " strong { (median) " points" } " in a quarter (the median)." },
                None => "Too few quarters are known to judge what the teams do, so two activities a quarter are assumed.",
            }
        }
        div.inline {
            label {
                span { "From" }
                select name="start" aria-describedby=[described_by(faults, "start")] {
                    @for quarter in &starts { option selected[entry.start == *quarter] { (quarter) } }
                }
            }
            label {
                span { "Points of a team in a quarter" }
                input.short type="text" inputmode="decimal" name="capacity" value=(entry.each) maxlength="10"
                    aria-invalid=[invalid(faults, "capacity")] aria-describedby=[described_by(faults, "capacity")];
            }
        }
        (field_faults(faults, "start"))
        (field_faults(faults, "capacity"))
        details open[!entry.exceptions.is_empty() || has(faults, "exceptions")] {
            summary { "What differs for teams and quarters" }
            label {
                span { "One in a line: a team, a quarter or both, and the points, set apart by semicolons" }
                textarea name="exceptions" rows=(rows(&entry.exceptions)) spellcheck="false" placeholder="Payments; 8\n2027-Q3; 0\nPayments; 2027-Q1; 4"
                    aria-invalid=[invalid(faults, "exceptions")] aria-describedby=[described_by(faults, "exceptions")] { (entry.exceptions) }
            }
            (field_faults(faults, "exceptions"))
        }
        details open[!entry.left_out.is_empty() || has(faults, "teams")] {
            summary { "Teams that the plan is not about" }
            label {
                span { "Their names, one in a line" }
                textarea name="teams" rows=(rows(&entry.left_out)) spellcheck="false" aria-invalid=[invalid(faults, "teams")] aria-describedby=[described_by(faults, "teams")] { (entry.left_out) }
            }
            (field_faults(faults, "teams"))
        }
    }
}

fn stages(draft: &Draft, catalog: &Catalog, roadmap: &Roadmap, faults: &[FieldFault]) -> Markup {
    let entry = &draft.entry;
    let is_of_stages = |field: &str| field == "targets" || field.starts_with("target-") || field.starts_with("wished-");
    let is_open =
        !entry.targets.is_empty() || !entry.wishes.is_empty() || faults.iter().any(|fault| is_of_stages(&fault.field));
    html! {
        details open[is_open] {
            summary { "Dates and targets of the stages" }
            p.explain { "What is not chosen here is as in the roadmap, and follows it. A level that is chosen also moves the targets of teams with a profile: up when it is above that of the roadmap, and down to it otherwise." }
            (field_faults(faults, "targets"))
            @for fault in faults.iter().filter(|fault| is_elsewhere(&fault.field, roadmap)) { (field_faults(faults, &fault.field)) }
            div.table-wrap {
                table.stack.entries {
                    thead {
                        tr {
                            th scope="col" { "Stage" }
                            th scope="col" { "Reached by the end of" }
                            @for dimension in catalog.dimensions() { th.wrap scope="col" { (dimension.name) } }
                        }
                    }
                    tbody {
                        @for (number, stage) in (1_usize..).zip(roadmap.stages()) {
                            tr {
                                th scope="row" { (stage.name) }
                                td data-name="Reached by the end of" { (wish(draft, number, stage.wished, faults)) }
                                @for dimension in catalog.dimensions() {
                                    td data-name=(dimension.name) { (target(draft, number, &stage.name, &dimension.name, stage.target(&dimension.name), faults)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Whether a field is of a stage that is not there, as it was sent but not shown.
fn is_elsewhere(field: &str, roadmap: &Roadmap) -> bool {
    let rest = field.strip_prefix("wished-").or_else(|| field.strip_prefix("target-"));
    let number = rest.and_then(|rest| rest.split('-').next()).and_then(|number| number.parse().ok());
    number.is_some_and(|number| roadmap.stage(StageNumber(number)).is_none())
}

fn wish(draft: &Draft, number: usize, wished: Option<Period>, faults: &[FieldFault]) -> Markup {
    let field = format!("wished-{number}");
    let chosen = draft.entry.wishes.get(&number).map_or("", String::as_str);
    let known = wished.map_or_else(|| "no date".to_owned(), |period| period.to_string());
    html! {
        select name=(field) aria-label={ "Date of stage " (number) } aria-invalid=[invalid(faults, &field)] aria-describedby=[described_by(faults, &field)] {
            option value="" { "as in the roadmap (" (known) ")" }
            option value=(PlanEntry::NO_DATE) selected[chosen == PlanEntry::NO_DATE] { "no date" }
            @for quarter in quarters(draft.present, WISHES, if chosen == PlanEntry::NO_DATE { "" } else { chosen }) {
                option selected[chosen == quarter] { (quarter) }
            }
        }
        (field_faults(faults, &field))
    }
}

fn target(draft: &Draft, number: usize, stage: &str, dimension: &str, known: u8, faults: &[FieldFault]) -> Markup {
    let field = format!("target-{number}-{dimension}");
    let chosen = draft.entry.targets.get(&(number, dimension.to_owned())).map_or("", String::as_str);
    html! {
        select name=(field) aria-label={ "Target of " (stage) " for " (dimension) } aria-invalid=[invalid(faults, &field)] aria-describedby=[described_by(faults, &field)] {
            option value="" { "as is (" (known) ")" }
            @for level in 0..=MAX_LEVEL { option value=(level) selected[chosen == level.to_string()] { (level) } }
        }
        (field_faults(faults, &field))
    }
}

fn decisions(draft: &Draft, catalog: &Catalog, view: &View, faults: &[FieldFault]) -> Markup {
    let entry = &draft.entry;
    let blank = DecisionEntry::default();
    let rows = entry.decisions.len() + BLANK_ROWS;
    html! {
        details open[!entry.decisions.is_empty() || faults.iter().any(|fault| fault.field.starts_with("decision"))] {
            summary { "Single activities: lock, leave out, let others provide" }
            p.explain {
                "An activity can be locked to the quarter in which it is finished; left out; or provided by another team, after which what needs it can begin. "
                "An empty team means all teams. A row without activity or decision is no decision."
            }
            (field_faults(faults, "decisions"))
            datalist #activities { @for (_, activity) in catalog.activities() { option value=(activity.name); } }
            datalist #teams { @for team in view.teams.iter().filter(|team| team.retired_at.is_none()) { option value=(team.name); } }
            div.table-wrap {
                table.stack.entries.decisions {
                    thead {
                        tr {
                            th scope="col" { "Activity" }
                            th scope="col" { "Team" }
                            th scope="col" { "Decision" }
                            th scope="col" { "Quarter, or providing team" }
                        }
                    }
                    tbody { @for row in 1..=rows { (decision(row, entry.decisions.get(row - 1).unwrap_or(&blank), faults)) } }
                }
            }
        }
    }
}

fn decision(row: usize, entry: &DecisionEntry, faults: &[FieldFault]) -> Markup {
    let fault = format!("decision-{row}");
    let input = |part: &str, label: &str, value: &str, list: Option<&str>| {
        html! {
            input type="text" name={ "decision-" (part) "-" (row) } value=(value) maxlength="300" list=[list] autocomplete="off"
                aria-label={ (label) " in row " (row) } aria-invalid=[invalid(faults, &fault)] aria-describedby=[described_by(faults, &fault)];
        }
    };
    html! {
        tr {
            td data-name="Activity" { (input("activity", "Activity", &entry.activity, Some("activities"))) (field_faults(faults, &fault)) }
            td data-name="Team" { (input("team", "Team", &entry.team, Some("teams"))) }
            td data-name="Decision" {
                select name={ "decision-course-" (row) } aria-label={ "Decision in row " (row) } {
                    option value="" { "—" }
                    @for (word, course) in CourseWord::NAMED { option value=(word) selected[entry.course == *word] { (course_name(*course)) } }
                }
            }
            td data-name="Quarter, or providing team" { (input("value", "Quarter or providing team", &entry.value, Some("teams"))) }
        }
    }
}

fn course_name(course: CourseWord) -> &'static str {
    match course {
        CourseWord::Locked => "finished in",
        CourseWord::Excluded => "left out",
        CourseWord::Provided => "provided by",
    }
}

fn text(field: &str, value: &str, limit: &str, faults: &[FieldFault]) -> Markup {
    html! {
        input type="text" name=(field) value=(value) maxlength=(limit) autocomplete="off"
            aria-invalid=[invalid(faults, field)] aria-describedby=[described_by(faults, field)];
    }
}

/// Quarters to choose from, with the one that is chosen.
fn quarters(present: Period, many: usize, chosen: &str) -> Vec<String> {
    let following = std::iter::successors(Some(present), |period| Some(period.next()));
    let mut all: Vec<String> = following.take(many).map(|period| period.to_string()).collect();
    if !chosen.is_empty() && !all.iter().any(|quarter| quarter == chosen) {
        all.push(chosen.to_owned());
    }
    all
}

fn rows(text: &str) -> usize {
    (text.lines().count() + 2).clamp(3, 16)
}

fn has(faults: &[FieldFault], field: &str) -> bool {
    faults.iter().any(|fault| fault.field == field)
}

fn invalid(faults: &[FieldFault], field: &str) -> Option<&'static str> {
    has(faults, field).then_some("true")
}
