//! What holds for the whole organization: the progress scale and the threshold.
//!
//! A change of them changes every score, past ones too. So it is shown before it is made.

use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::audit::{Deed, Event};
use crate::domain::organization::Settings;
use crate::domain::period::Period;
use crate::domain::scale::ProgressScale;
use crate::domain::settings::{Effect, Reached, SettingsInput, SettingsPreview, SettingsSeen, StepUses};
use crate::domain::standing::Overview;
use crate::store::Snapshot;

impl Cairn {
    /// The settings that apply.
    pub fn settings(&self, caller: &Caller) -> Result<SettingsSeen, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let uses = if *sight == Sight::Everything { snapshot.step_uses()? } else { StepUses::default() };
            Ok(SettingsSeen { settings: snapshot.settings()?, uses })
        })
    }

    /// What other settings would do to the scores.
    pub fn preview_settings(&self, caller: &Caller, input: &SettingsInput) -> Result<SettingsPreview, Error> {
        self.read(caller, Action::ManageSettings, |snapshot, _| {
            let (current, wanted, uses) = check(snapshot, input)?;
            let before = self.history_by(snapshot, caller, current.clone())?;
            let after = self.history_by(snapshot, caller, wanted.clone())?;
            let pairs = || before.iter().zip(&after).rev();
            let quarters = pairs().map(|(before, after)| quarter(before, after)).collect();
            let dimensions = pairs().next().map(|(before, after)| dimensions(before, after)).unwrap_or_default();
            Ok(SettingsPreview { current, wanted, uses, quarters, dimensions })
        })
    }

    /// Puts other settings into force.
    pub fn change_settings(&self, caller: &Caller, input: &SettingsInput) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageSettings)?;
        self.long_change(caller, |change, events| {
            let (current, wanted, _) = check(change, input)?;
            if wanted == current {
                return Ok(());
            }
            change.set_settings(&wanted)?;
            events.push(changed(&current, &wanted));
            Ok(())
        })
    }
}

/// What the record says of a change of the settings.
pub(super) fn changed(current: &Settings, wanted: &Settings) -> Event {
    let event = Event::new(Deed::SettingsChanged, "Progress scale and threshold");
    let event = event.with("threshold", wanted.threshold.percent()).with("scale", steps(&wanted.scale));
    event.with("threshold_before", current.threshold.percent()).with("scale_before", steps(&current.scale))
}

/// The steps of a scale as people read them.
pub(super) fn steps(scale: &ProgressScale) -> Vec<String> {
    scale.steps().iter().map(|step| format!("{} {} %", step.name, step.percent)).collect()
}

/// The settings that apply, those that were entered, and how many answers take each step. What was
/// entered for settings that somebody else changed meanwhile is not looked at.
fn check(snapshot: &mut Snapshot<'_>, input: &SettingsInput) -> Result<(Settings, Settings, StepUses), Error> {
    let (current, uses) = (snapshot.settings()?, snapshot.step_uses()?);
    if input.seen != current.fingerprint() {
        let message = "the settings were changed by somebody else meanwhile, so nothing was done";
        return Err(Error::Overtaken(message.to_owned()));
    }
    let wanted = input.check(&current, &uses).map_err(Error::Invalid)?;
    Ok((current, wanted, uses))
}

fn quarter(before: &Overview, after: &Overview) -> Effect<Period> {
    let reached = |overview: &Overview| Reached::of(&overview.scorecard.overall);
    Effect { of: before.period, before: reached(before), after: reached(after) }
}

fn dimensions(before: &Overview, after: &Overview) -> Vec<Effect<String>> {
    let pairs = before.scorecard.dimensions.iter().zip(&after.scorecard.dimensions);
    pairs
        .map(|(before, after)| Effect {
            of: before.total.name.clone(),
            before: Reached::of(&before.total),
            after: Reached::of(&after.total),
        })
        .collect()
}
