//! “Is everything backed up?”

use chrono::{DateTime, TimeDelta, Utc};
use maud::{Markup, html};

use super::components::{count, moment};
use super::layout::{self, Frame};
use crate::domain::backup::{BackupFile, BackupSchedule, Backups};

/// After how long without a backup the page warns, where none are made by themselves.
const LONG_AGO: TimeDelta = TimeDelta::days(7);

/// How many files are listed at once; more are folded up.
const LISTED: usize = 10;

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, backups: &Backups, now: DateTime<Utc>) -> Markup {
    let body = html! {
        (state(backups, now))
        section.card {
            h2 { "How they are made" }
            @match &backups.schedule {
                Some(schedule) => (scheduled(schedule, backups)),
                None => {
                    p { "The service makes none by itself. Start it with a folder, best on another disk, and it does:" }
                    pre { code { "cairn serve --backup-folder /var/backups/cairn --backup-every 24 --backup-keep 14" } }
                },
            }
            p { "By hand, also while the service runs, and back again while it does not:" }
            pre { code { "cairn backup cairn-backup.db\ncairn restore cairn-backup.db" } }
            p.quiet { "A backup has everything in it, all answers and the hashes of passwords: keep it as safe as the service itself, and a copy of it elsewhere." }
        }
        section.card {
            h2 { "To be noted elsewhere" }
            p.explain { "The head of the audit record, now. Note it where whoever can change this machine cannot: then it shows later if the record, or an assessment that was submitted, was changed behind Cairn's back." }
            pre.wrap { code { (backups.head) } }
            p { "To check the record against it: " code { "cairn audit verify --head …" } }
        }
    };
    layout::page(frame, "Is everything backed up?", &html! {}, &body)
}

/// When the last one was made, and whether that is well.
fn state(backups: &Backups, now: DateTime<Utc>) -> Markup {
    let newest = backups.newest().map(|file| file.at);
    let last = backups.last.as_ref().map(|(at, _)| *at).max(newest);
    let failure = backups.last_failure.as_ref().filter(|_| backups.is_failing());
    html! {
        @if let Some(failure) = failure {
            div.notice.bad role="alert" {
                p { strong { "The last backup failed" } " " (moment(failure.at)) ": " (failure.reason) }
                p { "It is tried again every hour." }
            }
        }
        @if let Some(why) = &backups.unreadable {
            div.notice.bad role="alert" { p { strong { "The folder of the backups cannot be looked at: " } (why) } }
        }
        @match last {
            None => div.notice.bad { p { strong { "Nothing was ever backed up." } " If the disk fails, everything that is recorded is lost." } },
            Some(at) if backups.schedule.is_none() && now - at > LONG_AGO => {
                div.notice.bad { p { strong { "The last backup was made " (moment(at)) "." } " That is " (count(days(now - at), "day", "days")) " ago; what was recorded since is nowhere else." } }
            },
            Some(at) => div.notice.good { p { strong { "The last backup was made " (moment(at)) "." } @if let Some((_, file)) = &backups.last { " " span.quiet { (file) } } } },
        }
    }
}

fn scheduled(schedule: &BackupSchedule, backups: &Backups) -> Markup {
    let (shown, rest) = backups.files.split_at(backups.files.len().min(LISTED));
    html! {
        p {
            "The service makes one every " (schedule.every) " hours in " code { (schedule.folder.display()) }
            " and keeps the last " (schedule.keep) "."
        }
        @if !shown.is_empty() {
            (files(shown))
            @if !rest.is_empty() { details { summary { (count(rest.len(), "older one", "older ones")) } (files(rest)) } }
        }
    }
}

fn files(files: &[BackupFile]) -> Markup {
    html! {
        div.table-wrap {
            table.stack {
                thead { tr { th scope="col" { "File" } th scope="col" { "Made" } th.num scope="col" { "Size" } } }
                tbody {
                    @for file in files {
                        tr {
                            th scope="row" { (file.name) }
                            td data-name="Made" { (moment(file.at)) }
                            td.num data-name="Size" { (size(file.bytes)) }
                        }
                    }
                }
            }
        }
    }
}

fn days(time: TimeDelta) -> usize {
    usize::try_from(time.num_days()).unwrap_or_default()
}

fn size(bytes: u64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}
