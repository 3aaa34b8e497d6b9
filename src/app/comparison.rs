//! Two scopes or quarters side by side.

use super::assessments::has_begun;
use super::eye::Eye;
use super::{Cairn, Error};
use crate::domain::access::Caller;
use crate::domain::comparison::{AskedSide, Compared, Comparison, ComparisonFilter, SideSeen};
use crate::domain::period::Period;
use crate::domain::view::Selection;

impl Cairn {
    /// Compares two sides. What is not said of them is: the first is what is selected, and the second the
    /// same a quarter before or, where it is another scope, in the same quarter.
    pub fn comparison(
        &self,
        caller: &Caller,
        selection: Selection,
        filter: &ComparisonFilter,
    ) -> Result<Compared, Error> {
        let [asked_a, asked_b] = filter.sides;
        for (field, asked) in [("a_period", asked_a), ("b_period", asked_b)] {
            if let Some(Some(period)) = asked.period {
                has_begun(caller, period).map_err(|message| Error::invalid(field, message))?;
            }
        }
        let first = Selection {
            scope: asked_a.scope.unwrap_or(selection.scope),
            period: asked_a.period.unwrap_or(selection.period),
        };
        self.look(caller, first, |mut eye| {
            let (a, view) = (side(&mut eye)?, eye.view.clone());
            let other = second(asked_b, &a);
            let b = side(&mut eye.with(other)?)?;
            let settings = eye.settings().clone();
            let comparison = match (&a.overview, &b.overview) {
                (Some(a), Some(b)) => {
                    let comparison = Comparison::new([a, b], settings.threshold, filter);
                    let mut dimensions = comparison.catalog.dimensions().iter();
                    if filter.dimension.as_ref().is_some_and(|name| dimensions.all(|other| other.name != *name)) {
                        return Err(Error::NotFound("dimension"));
                    }
                    Some(comparison)
                }
                _ => None,
            };
            Ok(Compared { view, settings, sides: [a, b], comparison })
        })
    }
}

/// What the second side is, seen from the first. In the same quarter means in that of the first, also where
/// that is its latest and the second was assessed later.
fn second(asked: AskedSide, first: &SideSeen) -> Selection {
    let scope = asked.scope.unwrap_or(first.selection.scope);
    let unsaid = if scope == first.selection.scope { first.period.map(Period::previous) } else { first.period };
    Selection { scope, period: asked.period.unwrap_or(unsaid) }
}

fn side(eye: &mut Eye<'_, '_>) -> Result<SideSeen, Error> {
    let period = eye.view.period;
    let overview = match period {
        Some(period) => eye.overview(period)?,
        None => None,
    };
    Ok(SideSeen { selection: eye.view.selection, scope: eye.view.scope.clone(), period, overview })
}
