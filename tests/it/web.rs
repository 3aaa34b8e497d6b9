//! The pages, as a browser without JavaScript sees them.

mod accounts;
mod api;
mod assessments;
mod audit;
mod catalog;
mod demo;
mod errors;
mod evidence;
mod first_visit;
mod operations;
mod permissions;
mod questionnaire;
mod report;
mod selection;
mod settings;
mod teams;
mod tokens;
