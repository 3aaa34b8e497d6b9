//! `/compare`: what differs between two scopes or quarters.

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use crate::app;
use crate::domain::comparison::{AskedSide, ComparisonFilter, Side};
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::organization::ScopeId;
use crate::domain::period::{NotAPeriod, Period};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::{Visit, scope};

/// What the address says about the two sides and what of them is wanted. An empty scope is the organization,
/// an empty quarter the latest; what is not there at all is left to what is selected.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct WantedSides {
    a: Option<String>,
    a_period: Option<String>,
    b: Option<String>,
    b_period: Option<String>,
    /// `dimension` is shared with the list of gaps.
    dimension: Option<String>,
    ahead: Option<String>,
    all: Option<String>,
}

impl WantedSides {
    /// What the address asks for, or everything that is wrong with it.
    pub(super) fn filter(self) -> Result<ComparisonFilter, Failure> {
        let mut faults = Vec::new();
        let mut side = |names: [&str; 2], who: Option<String>, when: Option<String>| {
            let [of, period_of] = names;
            let scope = who.map(|word| {
                scope(word.trim()).unwrap_or_else(|| {
                    let message = "a side is a team like team-3, a group like group-1, or nothing for the organization";
                    faults.push(FieldFault::new(of, message));
                    ScopeId::Organization
                })
            });
            let period = when.map(|text| {
                period(text.trim()).unwrap_or_else(|error| {
                    faults.push(FieldFault::new(period_of, error));
                    None
                })
            });
            AskedSide { scope, period }
        };
        let sides = [side(["a", "a_period"], self.a, self.a_period), side(["b", "b_period"], self.b, self.b_period)];
        let ahead = self.ahead.filter(|word| !word.is_empty()).and_then(|word| {
            let side = Side::from_name(&word);
            if side.is_none() {
                faults.push(FieldFault::new("ahead", "the side that is ahead is a or b"));
            }
            side
        });
        if !faults.is_empty() {
            return Err(app::Error::Invalid(faults).into());
        }
        let dimension = self.dimension.filter(|text| !text.is_empty());
        Ok(ComparisonFilter { sides, dimension, ahead, all: self.all.is_some_and(|text| !text.is_empty()) })
    }
}

/// A quarter; nothing is the latest.
fn period(text: &str) -> Result<Option<Period>, NotAPeriod> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
}

pub(in crate::web) async fn show(
    visit: Visit,
    selection: Selection,
    wanted: Query<WantedSides>,
) -> Result<Markup, Failure> {
    let filter = wanted.into_inner().filter()?;
    let asked = filter.clone();
    let compared = visit.ask(move |cairn, caller| cairn.comparison(caller, selection, &asked)).await?;
    // Links to other pages speak of the first side.
    let [first, _] = &compared.sides;
    Ok(views::compare::page(&visit.frame(first.selection), &compared, &filter))
}
