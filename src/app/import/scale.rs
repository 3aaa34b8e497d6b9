//! The progress scale of a file.

use super::Import;
use crate::app::{Error, settings};
use crate::domain::access::Action;
use crate::domain::import::{Difference, Fate, Subject};
use crate::domain::organization::Settings;
use crate::domain::scale::ProgressScale;
use crate::domain::settings::SettingsInput;
use crate::formats::intake::At;

impl Import<'_, '_> {
    /// Puts the scale of a file into force, if it can be, as somebody would who changes the settings.
    pub(super) fn take_scale(&mut self, at: &At, scale: &ProgressScale) -> Result<(), Error> {
        let current = self.change.settings()?;
        let (before, after) = (settings::steps(&current.scale).join(", "), settings::steps(scale).join(", "));
        self.scale = scale.clone();
        if current.scale == *scale {
            self.note(at.place(), Subject::Scale, Fate::Same, after, Vec::new());
            return Ok(());
        }
        if let Err(forbidden) = self.caller.actor.authorize_for_all(Action::ManageSettings) {
            let message = format!("this is another progress scale than the one in use, {before}, and {forbidden}");
            self.faults.push(at.place(), message);
            return Ok(());
        }
        let wanted = Settings { scale: scale.clone(), ..current.clone() };
        let uses = self.change.step_uses()?;
        match SettingsInput::of(&wanted).check(&current, &uses) {
            Ok(wanted) => {
                self.change.set_settings(&wanted)?;
                self.events.push(settings::changed(&current, &wanted));
                let differences = Difference::between("scale", &before, &after).into_iter().collect();
                self.note(at.place(), Subject::Scale, Fate::Changed, "Progress scale".to_owned(), differences);
            }
            Err(found) => {
                for fault in found {
                    self.faults
                        .push(at.place(), format!("this progress scale cannot be taken over: {}", fault.message));
                }
            }
        }
        Ok(())
    }
}
