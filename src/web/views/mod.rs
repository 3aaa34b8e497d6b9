//! What pages show: plain functions from domain values to markup. They see the domain and charts,
//! never a request or the database.

pub(super) mod account;
pub(super) mod accounts;
pub(super) mod assessments;
pub(super) mod audit;
pub(super) mod backups;
pub(super) mod catalog;
pub(super) mod catalogs;
pub(super) mod compare;
mod components;
pub(super) mod dashboard;
mod downloads;
pub(super) mod error;
pub(super) mod evidence;
pub(super) mod evidence_piece;
pub(super) mod gaps;
pub(super) mod guide;
pub(super) mod heatmap;
pub(super) mod import;
mod layout;
pub(super) mod mappings;
mod markdown;
pub(super) mod pictures;
pub(super) mod plan;
mod plan_calendar;
mod plan_dates;
pub(super) mod plan_draft;
mod plan_progress;
pub(super) mod plans;
pub(super) mod portfolio;
pub(super) mod question;
pub(super) mod questionnaire;
pub(super) mod reach;
pub(super) mod report;
pub(super) mod review;
pub(super) mod roadmap;
pub(super) mod settings;
pub(super) mod sign_in;
pub(super) mod stages;
pub(super) mod teams;
pub(super) mod tokens;
pub(super) mod trend;
pub(super) mod unusual;
mod why;

pub(super) use components::{Wrong, question_id, score};
pub(super) use layout::{Frame, address, encoded, scope_word, with_parameter};
