//! “Which stages do we go through?”: the stages with their goals and targets, and what others would change.

use maud::{Markup, html};

use super::components::{Wrong, count, described_by, field_faults, level};
use super::layout::{self, Frame, address};
use crate::domain::access::Action;
use crate::domain::catalog::MAX_LEVEL;
use crate::domain::fault::FieldFault;
use crate::domain::organization::Name;
use crate::domain::period::Period;
use crate::domain::roadmap::change::{
    Dimensions, RoadmapInput, RoadmapPreview, RoadmapSeen, StageEffect, StageFigures, StageInput, TEXT_LIMIT,
    target_field,
};
use crate::domain::roadmap::{Roadmap, Stage, StageNumber};

/// The question that the page answers.
const QUESTION: &str = "Which stages do we go through?";

/// How many quarters ahead a wish can be chosen.
const QUARTERS: usize = 24;

/// The page with the stages that apply.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &RoadmapSeen, entered: &RoadmapInput, is_changed: bool) -> Markup {
    let body = html! {
        @if is_changed {
            div.notice.good role="status" { p { "The stages are changed. All pages speak of these from now on." } }
        }
        (ways(frame, seen))
        @if frame.may(Action::ManageRoadmap) { (form(seen, entered, &[])) } @else { (in_force(frame, seen)) }
    };
    layout::page(frame, QUESTION, &action(frame), &body)
}

/// The page with what was entered and what is wrong with it.
pub(in crate::web) fn again(frame: &Frame<'_>, seen: &RoadmapSeen, entered: &RoadmapInput, wrong: &Wrong) -> Markup {
    let body = html! {
        (wrong.notice())
        @if wrong.refused.is_some() {
            section.card { h2 { "As it is now" } (targets(frame, seen.roadmaps.organization(), &seen.dimensions)) }
        }
        (form(seen, entered, &wrong.faults))
    };
    layout::page(frame, QUESTION, &action(frame), &body)
}

/// The page with what the stages that were entered would do.
pub(in crate::web) fn preview(
    frame: &Frame<'_>,
    seen: &RoadmapSeen,
    entered: &RoadmapInput,
    preview: &RoadmapPreview,
) -> Markup {
    let body = html! {
        @if preview.changes_something() {
            section.card #preview {
                h2 { "What would change" }
                p.explain { "Nothing is changed yet. Answers and scores stay as they are; what the stages ask for changes." }
                (effects(preview))
                @let words = changes(preview);
                @if !words.is_empty() { ul { @for words in words { li { (words) } } } }
                form.card-foot method="post" action="/roadmap/stages" {
                    // What is put into force is what was shown, whatever was entered below meanwhile.
                    (hidden(entered))
                    button name="do" value="apply" { "Change the stages" }
                    a href="/roadmap/stages" { "Leave everything as it is" }
                }
            }
        } @else {
            div.notice role="status" { p { "This is how it is already: nothing would change." } }
        }
        (form(seen, entered, &[]))
    };
    layout::page(frame, QUESTION, &action(frame), &body)
}

fn action(frame: &Frame<'_>) -> Markup {
    html! { a.button.quiet href=(address("/roadmap/profiles", frame.selection)) { "Target profiles" } }
}

/// The ways to the pages of the stages.
fn ways(frame: &Frame<'_>, seen: &RoadmapSeen) -> Markup {
    html! {
        nav.jump aria-label="The stages" {
            @for (number, stage) in numbered(seen.roadmaps.organization()) {
                a href=(address(&stage_path(number), frame.selection)) { (number.0) ". " (stage.name) }
            }
        }
    }
}

/// The path of the page of a stage.
pub(super) fn stage_path(number: StageNumber) -> String {
    format!("/roadmap/stages/{}", number.0)
}

fn numbered(roadmap: &Roadmap) -> impl Iterator<Item = (StageNumber, &Stage)> {
    (1..).map(StageNumber).zip(roadmap.stages())
}

/// The stages that apply, for those who may not change them.
fn in_force(frame: &Frame<'_>, seen: &RoadmapSeen) -> Markup {
    let roadmap = seen.roadmaps.organization();
    html! {
        p.explain {
            "The transformation goes through these stages, one after the other. A stage is reached when every dimension is at its target level, "
            "or at its ceiling where nothing above applies. An administrator can change them."
        }
        @for (number, stage) in numbered(roadmap) {
            section.card {
                h2 { a href=(address(&stage_path(number), frame.selection)) { (number.0) ". " (stage.name) } }
                (about(stage))
            }
        }
        section.card { h2 { "The target levels" } (targets(frame, roadmap, &seen.dimensions)) }
    }
}

/// The goal of a stage, its exit check and its date.
pub(super) fn about(stage: &Stage) -> Markup {
    html! {
        dl.clauses {
            dt { "Goal" }
            dd { @if stage.goal.is_empty() { span.quiet { "not said" } } @else { p.plain-text { (stage.goal) } } }
            dt { "Exit check" }
            dd { @if stage.exit_check.is_empty() { span.quiet { "not said" } } @else { p.plain-text { (stage.exit_check) } } }
            @if let Some(wished) = stage.wished { dt { "Wished" } dd { "by the end of " (wished) } }
        }
    }
}

/// The targets of all stages as a table.
pub(super) fn targets(frame: &Frame<'_>, roadmap: &Roadmap, dimensions: &Dimensions) -> Markup {
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Dimension" }
                        @for (number, stage) in numbered(roadmap) {
                            th.num.wrap scope="col" { a href=(address(&stage_path(number), frame.selection)) { (stage.name) } }
                        }
                    }
                }
                tbody {
                    @for dimension in dimensions.all() {
                        tr {
                            th scope="row" { (dimension) @if dimensions.kept.iter().any(|kept| kept == dimension) { " " small { "not in the catalog in use" } } }
                            @for stage in roadmap.stages() { td.num data-name=(stage.name) { (level(stage.target(dimension))) } }
                        }
                    }
                }
            }
        }
    }
}

/// What a change would do to the stages.
pub(super) fn effects(preview: &RoadmapPreview) -> Markup {
    let number = |side: Option<(StageNumber, StageFigures)>| side.map(|(number, _)| number);
    let has_fates = preview.stages.iter().any(|effect| number(effect.before) != number(effect.after));
    html! {
        @match preview.period {
            None => p { "No assessment is submitted yet, so there is no team whose work would change." },
            Some(period) => p { "As of " (period) ", for " (count(preview.teams, "team", "teams")) ", each by its own targets:" },
        }
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Stage" }
                        th.num scope="col" { "Activities" }
                        th.num scope="col" { "Practices left" }
                        th.num scope="col" { "Points left" }
                        th.num scope="col" { "Teams that reached it" }
                        @if has_fates { th scope="col" { "What happens" } }
                    }
                }
                tbody {
                    @for effect in &preview.stages {
                        tr {
                            th scope="row" { (name_of(preview, effect)) }
                            td.num data-name="Activities" { (shift(effect, |figures| figures.activities.to_string())) }
                            td.num data-name="Practices left" { (shift(effect, |figures| figures.left.to_string())) }
                            td.num data-name="Points left" { (shift(effect, |figures| figures.points.to_string())) }
                            td.num data-name="Teams that reached it" { (shift(effect, |figures| figures.reached.to_string())) }
                            @if has_fates { td { (fate(effect)) } }
                        }
                    }
                }
            }
        }
        p.explain {
            "Activities: how many of the catalog belong to the stage by the organization's targets. Practices left: what the teams have not fully implemented of theirs, "
            "all together; an activity that two teams lack counts twice. Points are the effort that remains."
        }
    }
}

fn name_of(preview: &RoadmapPreview, effect: &StageEffect) -> String {
    let of = |stage: Option<(StageNumber, StageFigures)>, roadmap: &Roadmap| {
        let (number, _) = stage?;
        Some(format!("{}. {}", number.0, roadmap.stage(number)?.name))
    };
    let after = of(effect.after, preview.wanted.organization());
    after.or_else(|| of(effect.before, preview.current.organization())).unwrap_or_default()
}

/// A figure before and after.
fn shift(effect: &StageEffect, figure: impl Fn(&StageFigures) -> String) -> Markup {
    let of = |side: &Option<(StageNumber, StageFigures)>| side.as_ref().map(|(_, figures)| figure(figures));
    html! {
        @match (of(&effect.before), of(&effect.after)) {
            (Some(before), Some(after)) if before == after => (after),
            (before, after) => {
                span.quiet { (before.unwrap_or_else(|| "—".to_owned())) " → " }
                strong { (after.unwrap_or_else(|| "—".to_owned())) }
            },
        }
    }
}

fn fate(effect: &StageEffect) -> Markup {
    html! {
        @match (effect.before, effect.after) {
            (None, _) => "new",
            (_, None) => "goes",
            (Some((before, _)), Some((after, _))) if before != after => { "was number " (before.0) },
            _ => {},
        }
    }
}

/// What is different about the stages that stay, in words.
fn changes(preview: &RoadmapPreview) -> Vec<String> {
    let mut words = Vec::new();
    for effect in &preview.stages {
        let (Some((was, _)), Some((now, _))) = (effect.before, effect.after) else { continue };
        let before = preview.current.organization().stage(was);
        let Some((before, after)) = before.zip(preview.wanted.organization().stage(now)) else { continue };
        let mut say = |what: String| words.push(format!("{}: {what}", after.name));
        if before.name != after.name {
            say(format!("was called “{}”", before.name));
        }
        if before.goal != after.goal {
            say("has another goal".to_owned());
        }
        if before.exit_check != after.exit_check {
            say("has another exit check".to_owned());
        }
        if before.wished != after.wished {
            let date = |wished: Option<Period>| wished.map_or("no date".to_owned(), |period| period.to_string());
            say(format!("wished by {} instead of {}", date(after.wished), date(before.wished)));
        }
        for dimension in preview.dimensions.all() {
            let (from, to) = (before.target(dimension), after.target(dimension));
            if from != to {
                say(format!("{dimension} to level {to} instead of {from}"));
            }
        }
    }
    words
}

/// Everything that can be entered.
fn form(seen: &RoadmapSeen, entered: &RoadmapInput, faults: &[FieldFault]) -> Markup {
    let rows = rows(entered);
    html! {
        form method="post" action="/roadmap/stages" {
            input type="hidden" name=(RoadmapInput::SEEN) value=(entered.seen);
            p.explain {
                "The transformation goes through these stages, one after the other. To add a stage, fill in the one at the end; to remove one, empty its "
                "name, goal, exit check and date. Targets and dates never fall from one stage to the next."
            }
            (field_faults(faults, "stages"))
            @for (row, stage) in (1..).zip(&rows) {
                @if is_untouched(stage) {
                    details.card { summary { "Add a stage" } (stage_fields(row, stage, seen.present, faults)) }
                } @else {
                    div.card { (stage_fields(row, stage, seen.present, faults)) }
                }
            }
            section.card #targets {
                h2 { "The target levels" }
                p.explain {
                    "The level to reach in each dimension, from 0 to 5. What an activity at or below the target needs belongs to the stage, too. "
                    "Some teams can have targets of their own: see the target profiles."
                }
                (target_fields(&rows, &seen.dimensions, faults))
                div.card-foot {
                    button name="do" value="preview" { "Show what would change" }
                    @if !seen.is_default() { button.quiet name="do" value="default" { "Back to the default stages …" } }
                }
            }
        }
    }
}

/// The rows of the form: what was entered, and a blank one to add a stage, whose targets are those of the last.
fn rows(entered: &RoadmapInput) -> Vec<StageInput> {
    let mut rows = entered.stages.clone();
    if rows.len() < RoadmapInput::MOST && !rows.last().is_some_and(is_untouched) {
        let targets = rows.last().map(|last| last.targets.clone()).unwrap_or_default();
        rows.push(StageInput { targets, ..StageInput::default() });
    }
    rows
}

/// Whether a row is a blank one to add a stage; its choices have some value all the same.
fn is_untouched(stage: &StageInput) -> bool {
    stage.was.is_empty() && stage.is_blank()
}

fn stage_fields(row: usize, stage: &StageInput, present: Period, faults: &[FieldFault]) -> Markup {
    let field = |part: &str| format!("{part}-{row}");
    let is_new = stage.was.is_empty();
    let (name, goal, exit_check) = (field("name"), field("goal"), field("exit-check"));
    let place: usize = stage.position.parse().unwrap_or(row);
    html! {
        fieldset.fields.wide.stage-edit {
            legend { @if is_new { "A new stage" } @else { "Stage " (row) } }
            input type="hidden" name=(field("was")) value=(stage.was);
            div.field-row {
                label {
                    span { "Name" }
                    input type="text" name=(name) value=(stage.name) maxlength="100" autocomplete="off"
                        aria-invalid=[invalid(faults, &name)] aria-describedby=[described_by(faults, &name)];
                }
                label {
                    span { "Place" }
                    (choice(&field("position"), faults, html! {
                        @for number in 1..=RoadmapInput::MOST { option value=(number) selected[number == place] { (number) } }
                    }))
                }
                label {
                    span { "Reached by the end of" }
                    (choice(&field("wished"), faults, quarters(&stage.wished, present)))
                }
            }
            (field_faults(faults, &name)) (field_faults(faults, &field("position"))) (field_faults(faults, &field("wished")))
            (text("Goal", "What is different when it is reached.", &goal, &stage.goal, faults))
            (text("Exit check", "How a person can tell that it is reached.", &exit_check, &stage.exit_check, faults))
        }
    }
}

fn text(label: &str, hint: &str, field: &str, value: &str, faults: &[FieldFault]) -> Markup {
    html! {
        label {
            span { (label) " " small { (hint) } }
            textarea name=(field) rows=(if label == "Goal" { 3 } else { 5 }) maxlength=(TEXT_LIMIT)
                aria-invalid=[invalid(faults, field)] aria-describedby=[described_by(faults, field)] { (value) }
        }
        (field_faults(faults, field))
    }
}

fn choice(field: &str, faults: &[FieldFault], options: Markup) -> Markup {
    html! {
        select name=(field) aria-invalid=[invalid(faults, field)] aria-describedby=[described_by(faults, field)] { (options) }
    }
}

pub(super) fn invalid(faults: &[FieldFault], field: &str) -> Option<&'static str> {
    described_by(faults, field).map(|_| "true")
}

/// The quarters that can be wished, and what was entered, whatever it is.
fn quarters(entered: &str, present: Period) -> Markup {
    let ahead: Vec<String> = std::iter::successors(Some(present), |period| Some(period.next()))
        .take(QUARTERS)
        .map(|p| p.to_string())
        .collect();
    let entered = entered.trim();
    html! {
        option value="" selected[entered.is_empty()] { "no date" }
        @if !entered.is_empty() && !ahead.iter().any(|quarter| quarter == entered) { option selected { (entered) } }
        @for quarter in &ahead { option selected[quarter == entered] { (quarter) } }
    }
}

/// The targets of all rows, a dimension in each line.
fn target_fields(rows: &[StageInput], dimensions: &Dimensions, faults: &[FieldFault]) -> Markup {
    let name = |row: usize, stage: &StageInput| match Name::new(&stage.name) {
        Ok(name) => format!("{row}. {name}"),
        Err(_) if stage.was.is_empty() => "A new stage".to_owned(),
        Err(_) => format!("Stage {row}"),
    };
    let entered = |stage: &StageInput, dimension: &str| stage.targets.get(dimension).cloned().unwrap_or_default();
    html! {
        div.table-wrap {
            table.stack.entries.targets {
                thead {
                    tr {
                        th scope="col" { "Dimension" }
                        @for (row, stage) in (1..).zip(rows) { th.wrap scope="col" { (name(row, stage)) } }
                    }
                }
                tbody {
                    @for dimension in &dimensions.asked {
                        tr {
                            th scope="row" { (dimension) }
                            @for (row, stage) in (1..).zip(rows) {
                                td data-name=(name(row, stage)) {
                                    @let field = target_field(row, dimension);
                                    (level_choice(&field, &entered(stage, dimension), None, &format!("{dimension}, {}", name(row, stage)), faults))
                                    (field_faults(faults, &field))
                                }
                            }
                        }
                    }
                }
            }
        }
        @if !dimensions.kept.is_empty() {
            p.explain {
                "The catalog in use does not have " (listed(&dimensions.kept)) ". The targets for " @if dimensions.kept.len() == 1 { "it" } @else { "them" }
                " are kept as they are, for quarters that are seen in another catalog."
            }
            @for (row, stage) in (1..).zip(rows) {
                @for dimension in &dimensions.kept { input type="hidden" name=(target_field(row, dimension)) value=(entered(stage, dimension)); }
            }
        }
    }
}

pub(super) fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ")
}

/// Chooses a level; what was entered stays there, whatever it is. `blank` is what an empty choice is called, where
/// there is one.
pub(super) fn level_choice(
    field: &str,
    entered: &str,
    blank: Option<&str>,
    label: &str,
    faults: &[FieldFault],
) -> Markup {
    let levels: Vec<String> = (0..=MAX_LEVEL).map(|level| level.to_string()).collect();
    let entered = entered.trim();
    let is_other = !entered.is_empty() && !levels.iter().any(|level| level == entered);
    html! {
        select name=(field) aria-label=(label) aria-invalid=[invalid(faults, field)] aria-describedby=[described_by(faults, field)] {
            @if let Some(blank) = blank { option value="" selected[entered.is_empty()] { (blank) } }
            @if is_other { option selected { (entered) } }
            @for level in &levels { option selected[level == entered] { (level) } }
        }
    }
}

/// What was entered, as hidden fields.
fn hidden(entered: &RoadmapInput) -> Markup {
    html! {
        input type="hidden" name=(RoadmapInput::SEEN) value=(entered.seen);
        @for (row, stage) in (1..).zip(&entered.stages) {
            @let StageInput { was, position, name, goal, exit_check, wished, targets } = stage;
            @for (part, value) in [("was", was), ("position", position), ("name", name), ("goal", goal), ("exit-check", exit_check), ("wished", wished)] {
                input type="hidden" name=(format!("{part}-{row}")) value=(value);
            }
            @for (dimension, level) in targets { input type="hidden" name=(target_field(row, dimension)) value=(level); }
        }
    }
}
