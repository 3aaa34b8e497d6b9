//! What the tests share: a running service and somebody who visits it, with or without a real
//! browser, a command line, golden files, and answers made up for a purpose.

mod answers;
mod app;
mod browser;
mod chromium;
mod command;
mod golden;
mod page;
mod program;
mod schema;
mod session;

pub(crate) use answers::{QUARTERS, TEAMS, Table, activity_ids, made_up_answers, signed_answers, small_catalog};
pub(crate) use app::TestApp;
pub(crate) use browser::Browser;
pub(crate) use chromium::{Chromium, Screen};
pub(crate) use command::{CommandLine, Output, Served};
pub(crate) use golden::assert_golden;
pub(crate) use page::{Form, Page};
pub(crate) use schema::assert_described;
pub(crate) use session::ADMINISTRATOR;
