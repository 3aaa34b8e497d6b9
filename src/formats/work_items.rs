//! A plan as work items that issue trackers import: one for each practice that is still to be done.
//!
//! `title`, `description` and `due_date` are the heads that GitLab takes as they are; other trackers let people choose
//! which column is what. Descriptions are Markdown that reads well as plain text, too.

use super::plan::{because, quarter, stage_name};
use super::table::{Cell, Table};
use crate::domain::catalog::{ActivityId, Home};
use crate::domain::organization::TeamId;
use crate::domain::plan::listing::{ListedPractice, PlanListing};

/// How many characters a title has at most: trackers take 255.
const TITLE_LIMIT: usize = 255;

/// Where the page of an activity is, for a team; `None` where nobody knows under which address Cairn is reached.
pub type Link<'a> = dyn Fn(&ActivityId, TeamId) -> Option<String> + 'a;

/// The work items by stage, then by the quarter in which they are due, then by team. What does not apply or is fully
/// implemented by now is left out.
pub fn table(listing: &PlanListing, link: &Link<'_>) -> Table {
    let mut table = Table::new(&[
        "title",
        "description",
        "due_date",
        "labels",
        "assignee",
        "start_quarter",
        "quarter",
        "points",
        "stage",
        "team",
        "dimension",
        "activity_id",
    ]);
    let is_of_one = listing.plan.teams.len() == 1;
    let homes: Vec<Home<'_>> = listing.catalog.homes().map(|(_, home)| home).collect();
    for practice in listing.practices().into_iter().filter(ListedPractice::is_open) {
        let ListedPractice { team, item, owner, .. } = practice;
        let activity = listing.catalog.activity(item.activity);
        let home = homes.get(item.activity.position());
        let dimension = home.map_or("", |home| &home.dimension.name);
        let (stage, due) = (stage_name(listing, item.stage), item.until().map(|until| until.last_day().to_string()));
        let labels: Vec<String> = ["dsomm", stage, dimension, team.name.as_str()].map(label).into();
        let labels: Vec<&str> = labels.iter().map(String::as_str).filter(|label| !label.is_empty()).collect();
        table.push([
            title(&activity.name, (!is_of_one).then_some(&team.name)).as_str().into(),
            description(listing, practice, home, link).as_str().into(),
            due.map_or(Cell::Empty, Cell::Text),
            labels.join(",").as_str().into(),
            owner.into(),
            quarter(item.from()),
            quarter(item.until()),
            item.effort.value().into(),
            stage.into(),
            team.name.as_str().into(),
            dimension.into(),
            activity.id.0.as_str().into(),
        ]);
    }
    table
}

/// The name of the activity in one line, after that of the team where there are several.
fn title(activity: &str, team: Option<&String>) -> String {
    let whole = team.map_or_else(|| activity.to_owned(), |team| format!("{team}: {activity}"));
    let line = whole.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= TITLE_LIMIT {
        return line;
    }
    line.chars().take(TITLE_LIMIT - 1).chain(['…']).collect()
}

/// A text as a label: small letters and digits of any script, everything between them a hyphen.
fn label(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn description(
    listing: &PlanListing,
    practice: ListedPractice<'_>,
    home: Option<&Home<'_>>,
    link: &Link<'_>,
) -> String {
    let ListedPractice { team, item, .. } = practice;
    let activity = listing.catalog.activity(item.activity);
    let place = home.map(|home| format!("{}, {}, ", home.dimension.name, home.sub_dimension.name));
    let mut parts = vec![
        format!("Why: {}", because(listing, practice)),
        format!(
            "{}level {}. {}",
            place.unwrap_or_default(),
            activity.level,
            when(practice).map_or_else(String::new, |when| format!("{when} {} points are left of it.", item.effort)),
        ),
    ];
    let texts = [("Risk without it", &activity.risk), ("What to do", &activity.measure)];
    parts.extend(texts.iter().filter(|(_, text)| !text.trim().is_empty()).map(|(title, text)| section(title, text)));
    parts.extend(link(&activity.id, team.team).map(|link| format!("In Cairn: {link}")));
    harmless(&parts.join("\n\n"))
}

/// In which quarters it is planned.
fn when(practice: ListedPractice<'_>) -> Option<String> {
    let (from, until) = (practice.item.from()?, practice.item.until()?);
    Some(if from == until { format!("Planned in {until};") } else { format!("Planned from {from} to {until};") })
}

/// A part of a description with its title. The texts of catalogs are Markdown already.
fn section(title: &str, text: &str) -> String {
    format!("**{title}**\n\n{}", text.trim())
}

/// The text without anything that a tracker would take as an order: a line that begins with `/` is one for GitLab.
fn harmless(text: &str) -> String {
    let line = |line: &str| {
        let (space, rest) = line.split_at(line.len() - line.trim_start().len());
        if rest.starts_with('/') { format!("{space}\\{rest}") } else { line.to_owned() }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels_are_words_of_any_script() {
        assert_eq!(label("Build and Deployment"), "build-and-deployment");
        assert_eq!(label("  Müller & Söhne \"Core\", Berlin "), "müller-söhne-core-berlin");
        assert_eq!(label("支払い"), "支払い");
        assert_eq!(label("=,"), "");
    }

    #[test]
    fn a_line_of_a_text_is_no_order_to_a_tracker() {
        assert_eq!(harmless("do\n/close\n  /assign @all\na/b"), "do\n\\/close\n  \\/assign @all\na/b");
    }

    proptest! {
        #[test]
        fn a_title_is_one_line_that_trackers_take(activity in ".{0,300}", team in prop::option::of(".{0,100}")) {
            let title = title(&activity, team.as_ref());
            prop_assert!(title.chars().count() <= TITLE_LIMIT);
            prop_assert!(!title.contains(['\n', '\r']));
        }

        #[test]
        fn a_label_holds_nothing_that_separates_labels(text in ".{0,100}") {
            prop_assert!(label(&text).chars().all(|c| c.is_alphanumeric() || c == '-'));
        }
    }
}
