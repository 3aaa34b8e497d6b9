//! What the pipelines of the demo organization detected, with days counted back from the present: some of it waits,
//! some was taken or declined, and some became the answer by itself.

use chrono::{DateTime, Utc};

use super::{History, days_before};
use crate::app::assessments::about;
use crate::app::proposals::{answer_of, decide, record_proposals};
use crate::app::{Cairn, Error};
use crate::domain::access::{Actor, Caller, Sight};
use crate::domain::audit::Deed;
use crate::domain::catalog::ActivityId;
use crate::domain::organization::TeamId;
use crate::domain::proposal::{Detection, Verdict};
use crate::store::{ActivityKeys, Change};

/// Something that was detected.
struct Detected {
    /// A position in [`PROFILES`](super::profiles::PROFILES).
    team: usize,
    /// The name of an activity. One that the catalog does not have is left out.
    activity: &'static str,
    status: &'static str,
    note: &'static str,
    link: &'static str,
    /// How many days ago it was detected first and last.
    ago: (u64, u64),
    /// What a person decided on the last day, and why.
    decided: Option<(Verdict, &'static str)>,
}

/// What holds unless it is said otherwise.
const USUAL: Detected = Detected { team: 4, activity: "", status: "", note: "", link: "", ago: (0, 0), decided: None };

/// The activities that the pipelines are trusted for.
pub(super) const TRUSTED: [&str; 1] = ["SBOM of components"];

const DETECTED: [Detected; 11] = [
    Detected {
        activity: "Test for stored secrets in code",
        status: "fully_implemented",
        note: "The scan for secrets runs on every push to all 14 repositories and fails the build.",
        link: "https://ci.example/data/secrets/runs/2291",
        ago: (19, 1),
        ..USUAL
    },
    Detected {
        activity: "Software Composition Analysis (server side)",
        status: "fully_implemented",
        note: "All 14 repositories are scanned for vulnerable dependencies.",
        link: "https://ci.example/data/dependencies/runs/2290",
        ago: (12, 1),
        ..USUAL
    },
    Detected {
        activity: "Pinning of artifacts",
        status: "started",
        note: "3 of 14 repositories name their base images by digest.",
        link: "https://ci.example/data/images/runs/871",
        ago: (2, 2),
        ..USUAL
    },
    Detected {
        activity: "Static analysis for important server side components",
        status: "partly_implemented",
        note: "8 of 14 repositories are analyzed; in 3 of these a finding fails the build.",
        link: "https://ci.example/data/static-analysis/runs/1520",
        ago: (12, 1),
        ..USUAL
    },
    Detected {
        activity: "Test for image lifetime",
        status: "started",
        note: "The oldest image in production is 41 days old.",
        link: "https://ci.example/data/images/runs/872",
        ago: (1, 1),
        ..USUAL
    },
    Detected {
        activity: "Defined build process",
        status: "fully_implemented",
        note: "Every repository is built by the shared template.",
        link: "https://ci.example/data/templates/runs/77",
        ago: (30, 3),
        decided: Some((Verdict::Taken, "")),
        ..USUAL
    },
    Detected {
        activity: "Signing of artifacts",
        status: "fully_implemented",
        note: "A signature is there for each image.",
        link: "https://ci.example/data/signing/runs/12",
        ago: (9, 2),
        decided: Some((Verdict::Declined, "They are signed, but nothing checks the signature when they are deployed.")),
        ..USUAL
    },
    Detected {
        activity: "SBOM of components",
        status: "fully_implemented",
        note: "A bill of materials is kept with each of the 14 images.",
        link: "https://ci.example/data/sbom/runs/431",
        ..USUAL
    },
    Detected {
        team: 5,
        activity: "Defined build process",
        status: "started",
        note: "1 of 4 programs is built by a script.",
        link: "https://ci.example/warehouse/builds/runs/6",
        ago: (6, 6),
        ..USUAL
    },
    Detected {
        team: 5,
        activity: "Automated PRs for patches",
        status: "partly_implemented",
        note: "Updates are proposed for 2 of 4 programs.",
        link: "https://ci.example/warehouse/updates/runs/18",
        ago: (5, 1),
        ..USUAL
    },
    Detected {
        team: 2,
        activity: "Test for stored secrets in code",
        status: "not_implemented",
        note: "The scan was taken out of the template with the last change.",
        link: "https://ci.example/shop/secrets/runs/903",
        ago: (0, 0),
        ..USUAL
    },
];

impl Cairn {
    /// The activities of these names.
    pub(super) fn activities_named(&self, names: &[&str]) -> Vec<ActivityId> {
        let named = self.bundled.activities().filter(|(_, activity)| names.contains(&activity.name.as_str()));
        named.map(|(_, activity)| activity.id.clone()).collect()
    }

    /// Adds what a program detected, and what its teams decided about it.
    pub(super) fn add_demo_proposals<'a>(
        &self,
        change: &mut Change<'_>,
        now: DateTime<Utc>,
        program: &Actor,
        teams: &[TeamId],
        champion: impl Fn(usize) -> &'a Caller,
        history: &mut History,
    ) -> Result<(), Error> {
        let present = Caller { actor: program.clone(), at: now, from: "10.40.0.12".to_owned() };
        for detected in &DETECTED {
            let Some(team) = teams.get(detected.team).copied() else { continue };
            let team = change.team(&Sight::Everything, team)?.ok_or(Error::NotFound("team"))?;
            let activities = self.activities_named(&[detected.activity]);
            let (first, last) = detected.ago;
            let times = if first == last { vec![last] } else { vec![first, last] };
            for ago in times {
                let by = days_before(&present, ago);
                let detection = Detection {
                    status: detected.status.to_owned(),
                    note: detected.note.to_owned(),
                    link: detected.link.to_owned(),
                    on: by.at.date_naive(),
                };
                let known = self.present(change, &present, Some(team.id))?;
                let mut events = Vec::new();
                record_proposals(change, &by, &team, &known, &activities, &detection, &mut events)?;
                history.extend(events.into_iter().map(|event| (by.clone(), event)));
            }
            let Some((verdict, reason)) = detected.decided else { continue };
            let by = days_before(&Caller { at: now, ..champion(detected.team).clone() }, last);
            let known = self.present(change, &present, Some(team.id))?;
            let Some(draft) = known.draft() else { continue };
            for activity in &activities {
                let Some(proposal) = change.last_proposal(team.id, activity, present.actor.name())? else { continue };
                let answer = answer_of(&proposal, known.answers.get(activity));
                let became = if verdict == Verdict::Taken {
                    let (keys, name) = (&mut ActivityKeys::default(), by.actor.name());
                    let revision = change.record_answer(keys, draft.id, activity, &answer, name, by.at)?;
                    history.push((by.clone(), about(Deed::ProposalsTaken, &team, draft).with("answers", 1)));
                    Some((draft.id, revision))
                } else {
                    let event = about(Deed::ProposalsDeclined, &team, draft).with("proposals", vec![detected.activity]);
                    history.push((by.clone(), event.with("reason", reason)));
                    None
                };
                decide(change, &by, &proposal, verdict, reason, became)?;
            }
        }
        Ok(())
    }
}
